// Says how many characters are left of a text; a screen reader hears it when the person pauses.
const PAUSE = 900;

export function startCounted(group: HTMLElement): void {
  const area = group.querySelector("textarea");
  const shown = group.querySelector<HTMLElement>(".shaar-left");
  if (!area || !shown) return;
  const most = Number(area.dataset.most);
  const told = document.createElement("span");
  told.className = "govuk-visually-hidden";
  told.setAttribute("role", "status");
  group.append(told);
  let timer = 0;
  const show = (): void => {
    // A form sends a line break as two characters, and so the server counts it.
    const left = most - [...area.value.replace(/\n/g, "\r\n")].length;
    const words = (left < 0 ? group.dataset.over : group.dataset.left) ?? "%d";
    shown.textContent = words.replace("%d", String(Math.abs(left)));
    shown.toggleAttribute("data-over", left < 0);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (told.textContent = shown.textContent), PAUSE);
  };
  area.addEventListener("input", show);
  show();
}
