/**
 * Whether the server answers, by what the last request met: a browser that says it is online may be in a dead spot of the
 * hall. While it does not answer it is asked every few seconds.
 */
const ASK_MS = 3000;

let reached = navigator.onLine;
let timer: number | undefined;
const listeners = new Set<() => void>();

export const isReached = (): boolean => reached;

export function onReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setReached(now: boolean): void {
  window.clearTimeout(timer);
  if (!now) timer = window.setTimeout(() => void ask(), ASK_MS);
  if (now === reached) return;
  reached = now;
  for (const listener of [...listeners]) listener();
}

async function ask(): Promise<void> {
  await fetch('/health/live', { cache: 'no-store' }).then(
    () => setReached(true),
    () => setReached(false),
  );
}

window.addEventListener('offline', () => setReached(false));
window.addEventListener('online', () => void ask());
if (!reached) setReached(false);
