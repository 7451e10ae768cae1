// What forms, tables and questions do beyond plain HTML; loaded by main.ts where a page has one of them.
import { startConfirm } from "./confirm";
import { startCounted } from "./counted";
import { startGrid } from "./grid";
import { startPassword } from "./password";
import { startLookup, startPick } from "./pick";
import { startUpload } from "./upload";

const CONTROLS: Record<string, (group: HTMLElement) => void> = {
  counted: startCounted,
  lookup: startLookup,
  password: startPassword,
  pick: startPick,
  upload: (group) => startUpload(group, (page) => document.dispatchEvent(new CustomEvent("shaar:page", { detail: page }))),
};
const started = new WeakSet<Element>();

function fresh<T extends Element>(scope: ParentNode, selector: string): T[] {
  const found = [...scope.querySelectorAll<T>(selector)].filter((one) => !started.has(one));
  for (const one of found) started.add(one);
  return found;
}

function start(scope: ParentNode): void {
  for (const group of fresh<HTMLElement>(scope, "[data-control]")) CONTROLS[group.dataset.control ?? ""]?.(group);
  for (const table of fresh<HTMLTableElement>(scope, "table[data-grid]")) startGrid(table);
  for (const link of fresh<HTMLAnchorElement>(scope, "a[data-confirm]")) startConfirm(link, start);
}

start(document);
document.addEventListener("shaar:page", () => start(document));
document.addEventListener("htmx:afterSwap", (event) => start(event.target as Element));
