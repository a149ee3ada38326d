/**
 * Keys for people and keys from scanners come through the same wire. A wedge scanner types a code and Enter far faster than a
 * hand can; so keys are gathered first, and only what stays alone for a moment is taken as a shortcut.
 */
import { useEffect, useRef } from 'react';

/** Scanners were seen at 5 to 30 ms a key, the fastest typists at about 80. */
const SCAN_GAP_MS = 40;
const SHORTCUT_WAIT_MS = 70;
const SEQUENCE_MS = 1200;

/** The one control character that means something in a code: it ends a variable-length GS1 field. */
export const GS = '\u001d';

export const SCAN_EVENT = 'unitrail:scan';

/** Strips what scanners and copied text bring along (control characters, zero-width marks) and keeps GS. */
export function cleanScan(raw: string): string {
  let out = '';
  for (const char of raw) {
    const code = char.codePointAt(0) ?? 0;
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const invisible = (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || code === 0xfeff;
    if (char === GS || (!control && !invisible)) out += char;
  }
  return out.trim();
}

/** GS made visible, the way standards print it. */
export const showScan = (code: string): string => code.replaceAll(GS, '␝');

type Handler = () => void;
const handlers = new Map<string, Handler[]>();

/** Registers a shortcut while the component is shown; the one registered last wins. */
export function useHotkey(keys: string, handler: Handler, enabled = true): void {
  const current = useRef(handler);
  useEffect(() => {
    current.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const call: Handler = () => current.current();
    handlers.set(keys, [...(handlers.get(keys) ?? []), call]);
    return () => {
      handlers.set(
        keys,
        (handlers.get(keys) ?? []).filter((one) => one !== call),
      );
    };
  }, [keys, enabled]);
}

function editable(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'submit', 'range', 'file'].includes(target.type)
  );
}

function restore(target: EventTarget | null, value: string | null): void {
  if (value === null) return;
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
  const prototype = target instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  // React keeps its own idea of the value; the prototype's setter and an input event tell it.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(target, value);
  target.dispatchEvent(new Event('input', { bubbles: true }));
}

type Burst = { text: string; first: number; last: number; target: EventTarget | null; before: string | null };

/**
 * Watches the whole window. `onScan` takes what a scanner sent where no scan field has the focus; `lengthMin` is the fewest
 * characters that count as a scan now. Returns the way to stop.
 */
export function watchKeyboard(onScan: (code: string) => void, lengthMin: () => number): () => void {
  let burst: Burst | null = null;
  let pending: { key: string; at: number } | null = null;
  let timer: number | undefined;
  let waited = false;

  const shortcut = (key: string): void => {
    const now = performance.now();
    const sequence = pending && now - pending.at < SEQUENCE_MS ? `${pending.key} ${key}` : null;
    pending = { key, at: now };
    const found = (sequence ? handlers.get(sequence)?.at(-1) : undefined) ?? handlers.get(key)?.at(-1);
    if (!found) return;
    pending = null;
    found();
  };

  const settle = (): void => {
    // A busy page lets this timer run before keys that came in time: what looks like the start of a scan stays.
    if (burst && performance.now() - burst.last > SHORTCUT_WAIT_MS * 2 && !waited) {
      waited = true;
      timer = window.setTimeout(settle, SHORTCUT_WAIT_MS);
      return;
    }
    waited = false;
    if (burst && !editable(burst.target) && burst.text.length <= 2) for (const key of burst.text) shortcut(key);
    burst = null;
  };

  const add = (char: string, event: KeyboardEvent): void => {
    if (!burst || event.timeStamp - burst.last > SHORTCUT_WAIT_MS) {
      const { target } = event;
      const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : null;
      burst = { text: '', first: event.timeStamp, last: event.timeStamp, target, before: field };
    }
    burst.text += char;
    burst.last = event.timeStamp;
    window.clearTimeout(timer);
    timer = window.setTimeout(settle, SHORTCUT_WAIT_MS);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event;
    if (target instanceof HTMLInputElement && target.type === 'password') return;
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      handlers.get('mod+k')?.at(-1)?.();
      return;
    }
    // Scanners send GS as Ctrl and ].
    if (event.ctrlKey && event.key === ']' && burst) {
      event.preventDefault();
      add(GS, event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      // A menu or dialog that is open closes itself first.
      if (!document.querySelector('[role="dialog"], [role="menu"]')) handlers.get('Escape')?.at(-1)?.();
      return;
    }
    if (event.key === 'Enter' || event.key === 'Tab') {
      const done = burst;
      if (!done || done.text.length < lengthMin()) return;
      const gap = (event.timeStamp - done.first) / done.text.length;
      if (gap > SCAN_GAP_MS) return;
      event.preventDefault();
      event.stopPropagation();
      window.clearTimeout(timer);
      burst = null;
      const code = cleanScan(done.text);
      const field = done.target instanceof Element ? done.target.closest('[data-scan-field]') : null;
      restore(done.target, done.before);
      if (field) field.dispatchEvent(new CustomEvent(SCAN_EVENT, { detail: code }));
      else onScan(code);
      return;
    }
    if (event.key.length === 1) {
      if (!editable(target) && (event.key === '/' || (event.key === ' ' && (burst?.text.length ?? 0) > 2)))
        event.preventDefault();
      add(event.key, event);
    }
  };

  window.addEventListener('keydown', onKeyDown, true);
  return () => {
    window.clearTimeout(timer);
    window.removeEventListener('keydown', onKeyDown, true);
  };
}

/** A field that wants the scanner's code for itself while it has the focus. */
export function useScanField(onScan: (code: string) => void) {
  const ref = useRef<HTMLElement | null>(null);
  const current = useRef(onScan);
  useEffect(() => {
    current.current = onScan;
  });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const take = (event: Event): void => current.current((event as CustomEvent<string>).detail);
    element.addEventListener(SCAN_EVENT, take);
    return () => element.removeEventListener(SCAN_EVENT, take);
  });
  return ref;
}
