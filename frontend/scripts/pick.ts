// A list becomes a control to type in: the editable combobox of the ARIA Authoring Practices. The options are those of
// the select, which stays in the form, or are asked from the server at data-lookup.
type Option = { value: string; label: string };
const MOST = 50;
const PAUSE = 180;
const FOLDED: Record<string, string> = { ё: "е", ң: "н", ө: "о", ү: "у" };
let count = 0;

function fold(text: string): string {
  return text.toLowerCase().replace(/[ёңөү]/g, (letter) => FOLDED[letter] ?? letter);
}

function within(options: Option[], typed: string): Option[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return options.filter((one) => one.value && words.every((word) => fold(one.label).includes(word))).slice(0, MOST);
}

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly told = document.createElement("span");
  private found: Option[] = [];
  private active = -1;

  constructor(
    private readonly group: HTMLElement,
    private readonly input: HTMLInputElement,
    private readonly find: (typed: string) => Promise<Option[]>,
    private readonly choose: (option: Option | null) => void,
  ) {
    this.list.id = `shaar-pick-${(count += 1)}`;
    this.list.className = "shaar-pick__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", group.querySelector("label")?.textContent ?? "");
    this.list.hidden = true;
    this.told.className = "govuk-visually-hidden";
    this.told.setAttribute("role", "status");
    const box = document.createElement("div");
    box.className = "shaar-pick";
    input.replaceWith(box);
    box.append(input, this.list, this.told);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    this.listen();
  }

  private listen(): void {
    let timer = 0;
    this.input.addEventListener("input", () => {
      this.choose(null);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void this.open(this.input.value), PAUSE);
    });
    this.input.addEventListener("click", () => void this.open(""));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = (event.target as Element).closest("li");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  private async open(typed: string): Promise<void> {
    this.found = await this.find(typed);
    this.active = -1;
    this.list.replaceChildren(
      ...this.found.map((one, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = one.label;
        return item;
      }),
    );
    const words = this.found.length ? this.group.dataset.count : this.group.dataset.none;
    this.told.textContent = (words ?? "").replace("%d", String(this.found.length));
    this.show(this.found.length > 0 && document.activeElement === this.input);
  }

  private show(isOpen: boolean): void {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    this.show(false);
    this.active = -1;
  }

  private press(event: KeyboardEvent): void {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
      else void this.open("").then(() => this.move(1));
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      this.close();
    }
  }

  private move(step: number): void {
    if (!this.found.length) return;
    this.active = (this.active + step + this.found.length) % this.found.length;
    [...this.list.children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) item.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  private take(index: number): void {
    const option = this.found[index];
    if (!option) return;
    this.input.value = option.label;
    this.choose(option);
    this.close();
  }
}

export function startPick(group: HTMLElement): void {
  const select = group.querySelector("select");
  if (!select) return;
  const options = [...select.options].map((one) => ({ value: one.value, label: one.text.trim() }));
  const input = document.createElement("input");
  input.className = select.className.replace(/govuk-select/g, "govuk-input");
  input.placeholder = group.dataset.hint ?? "";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = select.getAttribute(name);
    if (value) input.setAttribute(name, value);
  }
  input.id = select.id;
  select.id = `${select.id}-list`;
  select.hidden = true;
  if (select.value) input.value = select.selectedOptions[0]?.text.trim() ?? "";
  select.before(input);
  new Combobox(group, input, (typed) => Promise.resolve(within(options, typed)), (option) => {
    const typed = fold(input.value.trim());
    const chosen = option ?? options.find((one) => one.value && fold(one.label) === typed);
    select.value = chosen?.value ?? "";
  });
}

export function startLookup(group: HTMLElement): void {
  const input = group.querySelector<HTMLInputElement>("input[data-lookup]");
  if (!input) return;
  const find = async (typed: string): Promise<Option[]> => {
    const answer = await fetch(`${input.dataset.lookup ?? ""}?q=${encodeURIComponent(typed)}`);
    return answer.ok ? ((await answer.json()) as { options: Option[] }).options : [];
  };
  new Combobox(group, input, find, () => undefined);
}
