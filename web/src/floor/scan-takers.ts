/** Who gets what the scanner reads: the page at work that was shown last, else whoever opens what was scanned. */
type Taker = (code: string) => void;

const takers: Taker[] = [];
let left: { code: string; at: number }[] = [];
/** From one page at work to the next, scans go along; after this long they would surprise. */
const HANDOVER_MS = 3000;
/** A bin may be called A1. On a page at work two characters at a scanner's speed are a scan. */
const LENGTH_MIN_AT_WORK = 2;
const LENGTH_MIN = 4;

export const scanLengthMin = (): number => (takers.length > 0 ? LENGTH_MIN_AT_WORK : LENGTH_MIN);

/** Whether a page at work took it. */
export function takeScan(code: string): boolean {
  const taker = takers.at(-1);
  taker?.(code);
  return taker !== undefined;
}

export function takeScans(taker: Taker): () => void {
  takers.push(taker);
  const fresh = left.filter(({ at }) => performance.now() - at < HANDOVER_MS);
  left = [];
  for (const { code } of fresh) taker(code);
  return () => {
    takers.splice(takers.lastIndexOf(taker), 1);
  };
}

/** Scans that a page did not come to before it was left. */
export function leaveScans(codes: string[]): void {
  const at = performance.now();
  left.push(...codes.map((code) => ({ code, at })));
}
