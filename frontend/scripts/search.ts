// Ctrl-K (or ⌘K) opens a window that searches while one types; without this script the page /search/ does the same.
const WAIT = 150;

class SearchWindow {
  private readonly dialog = document.createElement("dialog");
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("ul");
  private timer = 0;
  private asked = 0;
  private chosen = -1;

  constructor(
    private readonly page: string,
    title: string,
  ) {
    this.dialog.className = "shaar-search";
    this.dialog.setAttribute("aria-label", title);
    this.input.type = "search";
    this.input.className = "govuk-input";
    this.input.placeholder = title;
    this.input.maxLength = 200;
    this.input.autocomplete = "off";
    const said: Record<string, string> = {
      role: "combobox",
      "aria-label": title,
      "aria-expanded": "false",
      "aria-controls": "search-suggestions",
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
    this.list.id = "search-suggestions";
    this.list.className = "shaar-search__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", title);
    this.dialog.append(this.input, this.list);
    document.body.append(this.dialog);
    this.input.addEventListener("input", () => this.wait());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.list.addEventListener("click", (event) => this.go((event.target as Element).closest("li")));
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
    this.input.select();
  }

  private wait(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    const number = ++this.asked;
    const answer = await fetch(`${this.page}suggest/?q=${encodeURIComponent(this.input.value)}`).catch(() => null);
    if (number !== this.asked || !answer?.ok) return;
    // The server escapes what it writes; a parsed document runs no script.
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.list.replaceChildren(...Array.from(parsed.querySelectorAll("li")));
    this.choose(this.options.length > 0 ? 0 : -1);
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
  }

  private get options(): HTMLElement[] {
    return Array.from(this.list.querySelectorAll<HTMLElement>("[role=option]"));
  }

  private choose(index: number): void {
    this.chosen = index;
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.options[index];
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const count = this.options.length;
    if (event.key === "ArrowDown" && count > 0) this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) this.choose((this.chosen + count - 1) % count);
    else if (event.key === "Enter") this.go(this.options[this.chosen]);
    else return;
    event.preventDefault();
  }

  private go(option: HTMLElement | null | undefined): void {
    window.location.assign(option?.dataset.url ?? `${this.page}?q=${encodeURIComponent(this.input.value)}`);
  }
}

export function startSearch(): void {
  const form = document.querySelector<HTMLFormElement>("form.shaar-header__search");
  if (form === null || typeof HTMLDialogElement === "undefined") return;
  let opened: SearchWindow | null = null;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK") {
      event.preventDefault();
      opened ??= new SearchWindow(form.action, form.querySelector("input")?.placeholder ?? "");
      opened.open();
    }
  });
}
