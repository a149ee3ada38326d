/** What one person keeps on this computer. A store that is full or forbidden costs them this, and nothing else. */
import { useState } from 'react';

function read<T>(key: string, otherwise: T): T {
  try {
    const stored = localStorage.getItem(key);
    return stored === null ? otherwise : (JSON.parse(stored) as T);
  } catch {
    return otherwise;
  }
}

export function useLocal<T>(key: string, otherwise: T): [T, (next: T) => void] {
  const [value, setValue] = useState(() => read(key, otherwise));
  const keep = (next: T): void => {
    setValue(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // It stays for as long as the page does.
    }
  };
  return [value, keep];
}
