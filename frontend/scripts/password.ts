// A button that shows a password while it is typed; it is hidden again before the form is sent.
export function startPassword(group: HTMLElement): void {
  const input = group.querySelector("input");
  if (!input) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.setAttribute("aria-controls", input.id);
  const set = (isShown: boolean): void => {
    input.type = isShown ? "text" : "password";
    button.textContent = (isShown ? group.dataset.hide : group.dataset.show) ?? "";
  };
  button.addEventListener("click", () => set(input.type === "password"));
  input.form?.addEventListener("submit", () => set(false));
  const row = document.createElement("div");
  row.className = "shaar-reveal";
  input.replaceWith(row);
  row.append(input, button);
  set(false);
}
