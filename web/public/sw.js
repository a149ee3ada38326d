/* global self, caches, fetch */
/**
 * Keeps the console's page and the files it has loaded, for a reload without a connection. It cannot show an old build where
 * the server answers: a page is always asked of the server first, and the files of a build bear a hash of their content in
 * their names. The API is never kept.
 */
const KEPT = 'unitrail-shell';
const PAGE = '/';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  const paths = event.data?.keep;
  if (!Array.isArray(paths)) return;
  event.waitUntil(
    caches.open(KEPT).then(async (cache) => {
      const had = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
      await Promise.all(
        [...paths.filter((path) => !had.has(path)), PAGE].map((path) => cache.add(path).catch(() => undefined)),
      );
    }),
  );
});

async function page(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && (response.headers.get('content-type') ?? '').includes('text/html')) {
      const now = await response.clone().text();
      const kept = await cache.match(PAGE);
      // Another build: what was kept of the last one is of no use any more.
      if (kept && (await kept.text()) !== now) for (const old of await cache.keys()) await cache.delete(old);
      await cache.put(PAGE, response.clone());
    }
    return response;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (pathname.startsWith('/assets/') || pathname === '/icon.svg') event.respondWith(asset(request));
});
