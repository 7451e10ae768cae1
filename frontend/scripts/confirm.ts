// A link to a page that asks “are you sure?” opens that page's question over the present one instead.
export function startConfirm(link: HTMLAnchorElement, start: (scope: Element) => void): void {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void ask(link, start);
  });
}

async function ask(link: HTMLAnchorElement, start: (scope: Element) => void): Promise<void> {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const question = answer.ok ? page.querySelector("[data-question]") : null;
  if (!question) {
    location.assign(link.href);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "shaar-dialog";
  const title = question.querySelector("h1, h2");
  if (title) {
    title.id = "shaar-question";
    dialog.setAttribute("aria-labelledby", title.id);
  }
  dialog.append(question);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.addEventListener("click", (event) => {
    const back = (event.target as Element).closest("[data-back]");
    if (!back && event.target !== dialog) return;
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  start(dialog);
  dialog.showModal();
}
