// htmx for the pages that change a part of themselves; loaded by main.ts where a page has such a part.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Fetched after the page was parsed, htmx may have missed the event by which it starts.
if (document.readyState === "interactive") htmx.process(document.body);
