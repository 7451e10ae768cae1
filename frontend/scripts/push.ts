// Lets notices come to this browser: asks for leave, subscribes, and sends the subscription by the page's own form.
// The service worker shows what comes as JSON {title, body, url, tag}.
function bytes(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (one) => one.charCodeAt(0));
}

function fill(form: HTMLFormElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
}

async function subscribe(form: HTMLFormElement): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push ?? "") };
  const { endpoint, keys } = (await worker.pushManager.subscribe(options)).toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) return false;
  const label = /Firefox|Edg|OPR|Chrome|Safari/.exec(navigator.userAgent)?.[0] ?? "";
  fill(form, { endpoint, p256dh: keys.p256dh, auth: keys.auth, label: `${label} ${navigator.platform}`.trim() });
  return true;
}

async function offerStop(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-push-stop]");
  const worker = form && (await navigator.serviceWorker.ready);
  const held = await worker?.pushManager.getSubscription();
  if (!form || !held) return;
  fill(form, { endpoint: held.endpoint });
  form.hidden = false;
}

export function offerPush(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-push]");
  if (!form || !("PushManager" in window) || !("serviceWorker" in navigator)) return;
  form.hidden = false;
  for (const note of document.querySelectorAll<HTMLElement>("[data-push-none]")) note.hidden = true;
  offerStop().catch(() => undefined);
  form.querySelector("button")?.addEventListener("click", () => {
    subscribe(form)
      .catch(() => false)
      .then((done) => {
        const refused = form.querySelector<HTMLElement>("[data-push-refused]");
        if (done) form.submit();
        else if (refused) refused.hidden = false;
      });
  });
}
