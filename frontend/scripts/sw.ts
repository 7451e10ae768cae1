// The service worker: recently read public pages without a network, hashed assets from the store, notices by push.
interface Told {
  version: string;
  assets: string[];
  icon: string;
  hashed: boolean;
}
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Waiting {
  data: { json(): unknown } | null;
}
interface Clicked extends Waiting {
  notification: Notification;
}
interface Worker extends EventTarget {
  shaar: Told;
  location: Location;
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void>; openWindow(url: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;
const told = worker.shaar;
const PAGES = `pages-${told.version}`;
const ASSETS = `assets-${told.version}`;
const MOST = 40;
const OFFLINE = "/offline/";
// What a person signs in to see, and what answers machines, is never kept.
const PRIVATE = /^\/(staff|sign-in|sign-out|email|language|theme|search|sw\.js)/;

async function install(): Promise<void> {
  await (await caches.open(ASSETS)).addAll(told.assets);
  await (await caches.open(PAGES)).add(OFFLINE);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((one) => one !== PAGES && one !== ASSETS).map((one) => caches.delete(one)));
  await worker.clients.claim();
}

// A page with forms of a signed-in person says no-store; only what everyone may read is kept.
function isKept(answer: Response): boolean {
  const control = answer.headers.get("Cache-Control") ?? "";
  return answer.ok && answer.type === "basic" && !answer.redirected && !/no-store|private/.test(control);
}

async function keep(request: Request, answer: Response): Promise<void> {
  const store = await caches.open(PAGES);
  await store.delete(request, { ignoreVary: true });
  await store.put(request, answer);
  const held = (await store.keys()).filter((one) => new URL(one.url).pathname !== OFFLINE);
  await Promise.all(held.slice(0, Math.max(0, held.length - MOST)).map((one) => store.delete(one, { ignoreVary: true })));
}

async function page(event: Fetching): Promise<Response> {
  const { request } = event;
  const isOurs = !PRIVATE.test(new URL(request.url).pathname);
  try {
    const answer = await fetch(request);
    if (isOurs && isKept(answer)) event.waitUntil(keep(request, answer.clone()));
    return answer;
  } catch {
    const store = await caches.open(PAGES);
    const held = isOurs ? await store.match(request, { ignoreVary: true }) : undefined;
    return held ?? (await store.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
}

async function asset(request: Request): Promise<Response> {
  const store = await caches.open(ASSETS);
  const held = await store.match(request, { ignoreVary: true });
  if (held && told.hashed) return held;
  try {
    const answer = await fetch(request);
    if (answer.status === 200 && answer.type === "basic") await store.put(request, answer.clone());
    return answer;
  } catch {
    return held ?? Response.error();
  }
}

function answer(event: Fetching): void {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
}

function shown(data: unknown): { title: string; body: string; url: string; tag: string } {
  const given = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === "string" ? (given[name] as string) : "");
  return { title: text("title") || "Shaar", body: text("body"), url: text("url") || "/", tag: text("tag") };
}

function read(event: Pushed): unknown {
  try {
    return event.data?.json();
  } catch {
    return null;
  }
}

function push(event: Pushed): void {
  const { title, body, url, tag } = shown(read(event));
  event.waitUntil(worker.registration.showNotification(title, { body, tag, icon: told.icon, data: { url } }));
}

function open(event: Clicked): void {
  event.notification.close();
  const url = new URL((event.notification.data as { url: string }).url, worker.location.origin);
  if (url.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(url.href));
}

worker.addEventListener("install", (event) => (event as Waiting).waitUntil(install()));
worker.addEventListener("activate", (event) => (event as Waiting).waitUntil(activate()));
worker.addEventListener("fetch", (event) => answer(event as Fetching));
worker.addEventListener("push", (event) => push(event as Pushed));
worker.addEventListener("notificationclick", (event) => open(event as Clicked));
export {};
