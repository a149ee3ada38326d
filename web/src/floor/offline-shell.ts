/**
 * Lets a reload without a connection open the floor again. Only pages of the floor ask for it, so nobody else's pages ever
 * come from anywhere but the server; and where the server answers, its pages are what is shown (see public/sw.js).
 */
export function keepShell(): void {
  // Browsers have no service workers on plain http: the queue works all the same, and only a reload offline does not.
  if (!('serviceWorker' in navigator)) return;
  void navigator.serviceWorker
    .register('/sw.js')
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => {
      const loaded = performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name, location.href))
        .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
        .map(({ pathname }) => pathname);
      active?.postMessage({ keep: [...new Set(loaded), '/icon.svg'] });
    })
    .catch(() => undefined);
}
