// Short notes that come while the page stays: an answer to htmx may carry HX-Trigger: {"toast": {"text": "…",
// "tone": "success"}}, and a script may dispatch the same event on the body.
const STAYS = 8000;

export function toast(text: string, tone = "info"): void {
  const note = document.createElement("p");
  note.className = `shaar-toast shaar-toast--${/^[a-z]+$/.test(tone) ? tone : "info"}`;
  note.textContent = text;
  document.querySelector(".shaar-toasts")?.append(note);
  setTimeout(() => note.remove(), STAYS);
}

export function listenToToasts(): void {
  document.body.addEventListener("toast", (event) => {
    const { text, tone } = (event as CustomEvent<{ text: string; tone?: string }>).detail;
    toast(text, tone);
  });
}
