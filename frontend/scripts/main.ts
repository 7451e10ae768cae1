// Marks the page as scripted and starts the behaviours it uses; no eval, no injected style.
import { Button, CharacterCount, Checkboxes, createAll, ErrorSummary, PasswordInput, Radios, SkipLink, Tabs } from "govuk-frontend";
import { startInbox } from "./inbox";
import { startSearch } from "./search";
import { listenToKeys } from "./shortcuts";
import { listenToToasts } from "./toasts";

const self = document.currentScript as HTMLScriptElement;
const LIVE = "[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]";

// A script of its own is fetched only by the pages that need it; its hashed address stands on our own tag.
function fetchScript(name: string): void {
  const script = document.createElement("script");
  script.src = self.dataset[name] ?? "";
  document.head.append(script);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");

function start(scope: Element | Document): void {
  for (const component of [Button, Checkboxes, ErrorSummary, Radios, SkipLink, Tabs]) {
    createAll(component, {}, scope);
  }
  for (const component of [CharacterCount, PasswordInput]) createAll(component, {}, scope);
}

start(document);
document.addEventListener("htmx:afterSwap", (event) => start(event.target as Element));
listenToKeys();
listenToToasts();
startInbox();
startSearch();
if (document.querySelector(LIVE)) fetchScript("live");
