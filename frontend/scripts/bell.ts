// Looks now and then whether there are new notices, only while the page is on screen. htmx's own polling would need
// eval to ask for that.
const PAUSE = 60_000;

async function look(): Promise<void> {
  const bell = document.querySelector<HTMLElement>("[data-bell]");
  if (!bell || document.visibilityState !== "visible") return;
  const answer = await fetch(bell.dataset.bell ?? "", { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-bell]");
  if (found && found.innerHTML !== bell.innerHTML) bell.replaceChildren(...found.childNodes);
}

export function watchBell(): void {
  if (!document.querySelector("[data-bell]")) return;
  window.setInterval(() => void look(), PAUSE);
  document.addEventListener("visibilitychange", () => void look());
}
