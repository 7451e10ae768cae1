// A chosen file shows its name, size and picture; its form is sent with a progress bar. The answer takes the place
// of the page, so that what the server says, errors included, is shown exactly as without a script.
const UNITS = ["Б", "КБ", "МБ", "ГБ"];

function size(bytes: number): string {
  let step = 0;
  let value = bytes;
  for (; value >= 1000 && step < UNITS.length - 1; step += 1) value /= 1000;
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${UNITS[step]}`;
}

function preview(file: File, words: string): HTMLElement {
  const shown = document.createElement("div");
  shown.className = "shaar-upload";
  if (/^image\/(png|jpeg|webp|gif)$/.test(file.type)) {
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = "";
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
    shown.append(picture);
  }
  const name = document.createElement("span");
  name.setAttribute("role", "status");
  name.textContent = words.replace("%s", `${file.name}, ${size(file.size)}`);
  shown.append(name);
  return shown;
}

function show(answer: XMLHttpRequest, again: (scope: Document) => void): void {
  const page = new DOMParser().parseFromString(answer.responseText, "text/html");
  history.pushState(null, "", answer.responseURL);
  document.title = page.title;
  document.body.replaceWith(page.body);
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  again(document);
  window.scrollTo(0, 0);
}

export function startUpload(group: HTMLElement, again: (scope: Document) => void): void {
  const input = group.querySelector<HTMLInputElement>("input[type=file]");
  const form = input?.form;
  if (!input || !form) return;
  input.addEventListener("change", () => {
    group.querySelector(".shaar-upload")?.remove();
    const file = input.files?.[0];
    if (file) group.append(preview(file, group.dataset.chosen ?? "%s"));
  });
  form.addEventListener("submit", (event) => {
    if (!input.files?.length || event.defaultPrevented) return;
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.max = 100;
    const label = document.createElement("label");
    label.className = "shaar-upload";
    const words = document.createElement("span");
    label.append(words, bar);
    group.append(label);
    const sent = new FormData(form, event.submitter);
    const request = new XMLHttpRequest();
    const say = (share: number): void => {
      bar.value = share;
      words.textContent = (group.dataset.sending ?? "%s").replace("%s", String(share));
    };
    say(0);
    request.upload.addEventListener("progress", (sending) => {
      if (sending.lengthComputable) say(Math.round((100 * sending.loaded) / sending.total));
    });
    request.addEventListener("load", () => show(request, again));
    request.addEventListener("error", () => {
      words.textContent = group.dataset.failed ?? "";
      bar.remove();
    });
    request.open("POST", form.action || location.href);
    request.send(sent);
  });
}
