// The service worker. The server writes SHELL before this: path → SHA-256 of the file. It keeps those files,
// which hold no data, and nothing else: no answer of the API and no page about anyone ever goes into a cache.
const CACHE = "shell";
const APP = "/tablet/";
const OFFLINE = "/offline/";
const OF_THE_APP = /^\/(tablet|static)\//;

// Kept by content: an update fetches what changed, and two versions never mix.
const keyOf = (path) => `${path}?${SHELL[path]}`;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const fetchOne = async (cache, path) => {
  const answer = await fetch(path, { cache: "no-cache" });
  const digest = hex(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  // A captive portal, or a deployment in between: the whole update waits for another time.
  if (!answer.ok || answer.redirected || digest !== SHELL[path]) throw new Error(`not the file: ${path}`);
  await cache.put(keyOf(path), answer);
};

const install = async () => {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map(({ url }) => url.slice(location.origin.length)));
  await Promise.all(Object.keys(SHELL).filter((path) => !kept.has(keyOf(path))).map((path) => fetchOne(cache, path)));
};

const tidy = async () => {
  const wanted = new Set(Object.keys(SHELL).map(keyOf));
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url.slice(location.origin.length))) await cache.delete(request);
  }
  await clients.claim();
};

const kept = async (path) => (await caches.open(CACHE)).match(keyOf(path), { ignoreVary: true });

const fromShell = async (request, path) => (await kept(path)) ?? fetch(request);

// A page of the desk takes the files of its own deployment; without network, ours.
const fromNetwork = (request, path) => fetch(request).catch(async (error) => {
  const ours = await kept(path);
  if (ours) return ours;
  throw error;
});

const isOfTheApp = (request) => !request.referrer || OF_THE_APP.test(new URL(request.referrer).pathname);

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(tidy()));

addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(pathname === APP ? fromShell(request, APP) : fromNetwork(request, OFFLINE));
  } else if (pathname in SHELL) {
    event.respondWith(isOfTheApp(request) ? fromShell(request, pathname) : fromNetwork(request, pathname));
  }
});
