// The inbox by keyboard: j and k go down and up, x marks, Enter opens; says how many are marked.
const TYPED = "input:not([type=checkbox]), select, textarea, [contenteditable]";

function count(form: HTMLFormElement): void {
  const marked = form.querySelectorAll("input[name=case]:checked").length;
  const shown = form.querySelector<HTMLElement>("[data-inbox-count]");
  const number = shown?.querySelector("output");
  if (shown && number) {
    number.textContent = String(marked);
    shown.hidden = marked === 0;
  }
}

function go(rows: HTMLElement[], by: number): void {
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  rows.forEach((row) => row.classList.toggle("is-current", row === next));
  next?.querySelector<HTMLElement>("a")?.focus();
}

function pressed(event: KeyboardEvent, form: HTMLFormElement, rows: HTMLElement[]): void {
  if (event.ctrlKey || event.altKey || event.metaKey || (event.target as Element).closest(TYPED)) return;
  if (event.key === "j" || event.key === "k") go(rows, event.key === "j" ? 1 : -1);
  else if (event.key === "x") {
    const box = rows.find((row) => row.classList.contains("is-current"))?.querySelector("input");
    if (!box) return;
    box.checked = !box.checked;
    count(form);
  } else return;
  event.preventDefault();
}

export function startInbox(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-inbox]");
  if (!form) return;
  const rows = [...form.querySelectorAll<HTMLElement>("[data-row]")];
  form.addEventListener("change", () => count(form));
  document.addEventListener("keydown", (event) => pressed(event, form, rows));
  const keys = document.querySelector<HTMLElement>("[data-inbox-keys]");
  if (keys) keys.hidden = false;
  count(form);
}
