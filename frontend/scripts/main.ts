// Marks the page as scripted and starts the components of GOV.UK Frontend; no eval, no injected style.
import { initAll } from "govuk-frontend";
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
