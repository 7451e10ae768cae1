// The keys of a data table: arrows move between rows, space ticks one, shift with an arrow or a click ticks a stretch;
// the box of the head ticks all. Without a script the boxes are ordinary boxes of a form.
export function startGrid(table: HTMLTableElement): void {
  const boxes = [...table.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox][name=chosen]")];
  const all = table.querySelector<HTMLInputElement>("thead input[type=checkbox]");
  const counter = table.closest("form")?.querySelector<HTMLElement>("[data-chosen]");
  let last = -1;

  const tell = (): void => {
    const chosen = boxes.filter((one) => one.checked).length;
    if (counter) counter.textContent = (counter.dataset.chosen ?? "%d").replace("%d", String(chosen));
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  const stretch = (to: number, isOn: boolean): void => {
    const [low, high] = last < to ? [last, to] : [to, last];
    for (const box of boxes.slice(Math.max(low, 0), high + 1)) box.checked = isOn;
  };

  boxes.forEach((box, index) => {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) stretch(index, box.checked);
      last = index;
      tell();
    });
  });
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  const stops = boxes.length ? boxes : [...table.querySelectorAll<HTMLElement>("tbody tr th a, tbody tr td a")];
  table.addEventListener("keydown", (event) => {
    const row = (event.target as Element).closest("tbody tr");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step) return;
    const here = stops.findIndex((one) => row.contains(one));
    const next = stops[here + step];
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey && boxes.length) {
      boxes[here]!.checked = true;
      boxes[here + step]!.checked = true;
      last = here + step;
      tell();
    }
    next.focus();
  });
  tell();
}
