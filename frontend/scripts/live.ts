// htmx for the pages that change a part of themselves; loaded by main.ts where a page has such a part.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
