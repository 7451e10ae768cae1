// Keys of the pages: an element with data-keys is followed or focused when its keys are pressed one after another.
// Single keys can be turned off (WCAG 2.1.4), and never work while something is being typed.
const KEPT = "shaar-keys";
const PATIENCE = 1200;
let typed: string[] = [];
let last = 0;

function areOff(): boolean {
  return localStorage.getItem(KEPT) === "off";
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

async function showKeys(link: HTMLAnchorElement): Promise<void> {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("#shaar-shortcuts");
  const title = page.querySelector("h1");
  if (!found || !title) return;
  const dialog = document.createElement("dialog");
  dialog.className = "shaar-dialog";
  dialog.setAttribute("aria-labelledby", "shaar-keys-title");
  title.id = "shaar-keys-title";
  title.className = "govuk-heading-m";
  dialog.append(title, found);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  showSwitches(dialog);
  dialog.showModal();
}

function follow(found: HTMLElement): void {
  if (found instanceof HTMLInputElement) {
    found.focus();
    found.select();
  } else if (found instanceof HTMLAnchorElement && found.dataset.keys === "?") {
    void showKeys(found);
  } else {
    found.click();
  }
}

function showSwitches(scope: ParentNode): void {
  for (const button of scope.querySelectorAll<HTMLButtonElement>("[data-keys-switch]")) {
    button.setAttribute("aria-pressed", String(areOff()));
  }
}

export function listenToKeys(): void {
  showSwitches(document);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-keys-switch]");
    if (!button) return;
    localStorage.setItem(KEPT, areOff() ? "on" : "off");
    showSwitches(document);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || areOff()) return;
    if (event.key.length !== 1 || document.querySelector("dialog[open]")) return;
    typed = Date.now() - last < PATIENCE ? [...typed, event.key].slice(-3) : [event.key];
    last = Date.now();
    const keys = [typed.slice(-2).join(" "), event.key];
    const known = [...document.querySelectorAll<HTMLElement>("[data-keys]")];
    const found = known.find((one) => one.dataset.keys && keys.includes(one.dataset.keys));
    if (!found) return;
    event.preventDefault();
    typed = [];
    follow(found);
  });
}
