// Puts what the live stream says into the tiles that are on the page and marks what changed. Without it the page
// stays as it was opened. The browser itself asks again by the number it read last when the line is lost.
const MARKED_FOR = 30_000;

interface Said {
  tile: string;
  state: string;
  html: string;
}

function start(board: HTMLElement): void {
  const status = document.querySelector<HTMLElement>("[data-monitor-status]");
  const clock = document.querySelector<HTMLTimeElement>("[data-monitor-clock]");
  const places = new Map<string, HTMLElement>();
  for (const one of board.querySelectorAll<HTMLElement>("[data-tile]")) places.set(one.dataset.tile ?? "", one);

  const say = (words: string | undefined, isLost: boolean): void => {
    if (!status || status.textContent === words) return;
    status.textContent = words ?? "";
    status.toggleAttribute("data-is-lost", isLost);
  };
  const change = (said: Said): void => {
    const place = places.get(said.tile);
    if (!place) return;
    const held = place.contains(document.activeElement);
    const before = place.querySelector<HTMLElement>("[data-state]")?.dataset.state;
    place.innerHTML = said.html;
    if (held) place.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
    place.dataset.changed = before === said.state ? "value" : "state";
    window.setTimeout(() => delete place.dataset.changed, MARKED_FOR);
    if (clock) {
      const now = new Date();
      clock.dateTime = now.toISOString();
      clock.textContent = now.toLocaleString("ru", { dateStyle: "short", timeStyle: "medium" }).replace(",", "");
    }
  };

  let address = board.dataset.stream ?? "";
  let newest = "";
  const open = (): void => {
    const stream = new EventSource(address, { withCredentials: true });
    stream.addEventListener("open", () => say(status?.dataset.live, false));
    stream.addEventListener("tile", (event) => {
      newest = event.lastEventId || newest;
      change(JSON.parse(event.data) as Said);
    });
    stream.addEventListener("reload", () => window.location.reload());
    stream.addEventListener("error", () => {
      say(status?.dataset.lost, true);
      if (stream.readyState !== EventSource.CLOSED) return;
      // The server refused for now: browsers give up then, a wall must not.
      if (newest) address = address.replace(/([?&]since=)[^&]*/, `$1${newest}`);
      window.setTimeout(open, 10_000);
    });
    window.addEventListener("pagehide", () => stream.close(), { once: true });
  };
  open();
}

// Moving the slider brings the chosen period's comparisons, map and tables into the page; the newest wish wins.
function follow(form: HTMLFormElement): void {
  const slider = form.querySelector<HTMLInputElement>("input[type=range]");
  let wish: AbortController | undefined;
  let timer = 0;
  const show = async (): Promise<void> => {
    wish?.abort();
    wish = new AbortController();
    const address = new URL(window.location.href);
    address.search = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();
    const part = document.querySelector<HTMLElement>("[data-period-part]");
    part?.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { signal: wish.signal, headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) {
      if (answer) window.location.assign(address);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector<HTMLElement>("[data-period-part]");
    if (!found || !part) return;
    part.replaceWith(found);
    slider?.setAttribute("aria-valuetext", found.dataset.name ?? "");
    window.history.replaceState(null, "", address);
  };
  slider?.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void show(), 120);
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-periods]")) follow(form);
for (const board of document.querySelectorAll<HTMLElement>("[data-monitor]")) start(board);
