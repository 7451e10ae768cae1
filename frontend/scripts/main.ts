// Marks the page as scripted and starts the behaviours that every page has; no eval, no injected style.
import { Button, Checkboxes, createAll, ErrorSummary, Radios, SkipLink } from "govuk-frontend";
import { watchBell } from "./bell";
import { startInbox } from "./inbox";
import { offerPush } from "./push";
import { startSearch } from "./search";
import { listenToKeys } from "./shortcuts";
import { startTabs } from "./tabs";
import { listenToToasts } from "./toasts";

const self = document.currentScript as HTMLScriptElement;
// A script of its own is fetched only by the pages that need it; its hashed address stands on our own tag.
const NEEDED: Record<string, string> = {
  live: "[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]",
  work: "[data-control], table[data-grid], a[data-confirm]",
};
const fetched = new Set<string>();

function fetchScripts(): void {
  for (const [name, selector] of Object.entries(NEEDED)) {
    if (fetched.has(name) || !document.querySelector(selector)) continue;
    fetched.add(name);
    const script = document.createElement("script");
    script.src = self.dataset[name] ?? "";
    document.head.append(script);
  }
}

function start(scope: Element | Document): void {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const component of [Button, Checkboxes, ErrorSummary, Radios, SkipLink]) createAll(component, {}, scope);
  startTabs(scope);
  fetchScripts();
}

start(document);
listenToKeys();
listenToToasts();
startInbox();
watchBell();
offerPush();
startSearch();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => undefined);
document.addEventListener("htmx:afterSwap", (event) => start(event.target as Element));
document.addEventListener("shaar:page", () => start(document));
