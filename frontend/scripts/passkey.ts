// Lets a form ask the browser for a passkey: the options stand in the page, the answer goes back as a field.
const ready = "credentials" in navigator && "PublicKeyCredential" in window && window.isSecureContext;

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

function written(value: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}


function read(options: any): any {
  const known = (list: any[] | undefined) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user ? { user: { ...options.user, id: bytes(options.user.id) } } : {}),
    ...(options.excludeCredentials ? { excludeCredentials: known(options.excludeCredentials) } : {}),
    ...(options.allowCredentials ? { allowCredentials: known(options.allowCredentials) } : {}),
  };
}

function answerOf(credential: PublicKeyCredential): string {
  const response: Record<string, string> = {};
  const given = credential.response as any;
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = written(given[name]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: written(credential.rawId), type, response, clientExtensionResults: {} });
}

async function ask(form: HTMLFormElement): Promise<string> {
  const publicKey = read(JSON.parse(form.dataset.options ?? "{}"));
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  return answerOf(credential as PublicKeyCredential);
}

function watch(form: HTMLFormElement): void {
  const answer = form.elements.namedItem("credential") as HTMLInputElement;
  const problem = form.querySelector<HTMLElement>("[data-passkey-problem]");
  form.querySelector("[data-passkey-missing]")?.toggleAttribute("hidden", true);
  form.querySelector("[data-passkey-action]")?.toggleAttribute("hidden", false);
  form.addEventListener("submit", (event) => {
    if (answer.value) return;
    event.preventDefault();
    problem?.toggleAttribute("hidden", true);
    ask(form).then(
      (found) => {
        answer.value = found;
        form.submit();
      },
      () => problem?.toggleAttribute("hidden", false),
    );
  });
}

if (ready) document.querySelectorAll<HTMLFormElement>("form[data-passkey]").forEach(watch);
