/** The field that `/` jumps to. What is typed is sent when the hand rests; Back and reload set it, and never while one types. */
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

const TYPING_MS = 250;

export function Find({
  q,
  label,
  placeholder,
  onFind,
}: {
  q: string;
  label: string;
  placeholder?: string;
  onFind: (q: string) => void;
}) {
  const [typed, setTyped] = useState(q);
  const sent = useRef(q);
  const find = useRef(onFind);
  useEffect(() => {
    find.current = onFind;
  });
  useEffect(() => {
    if (q !== sent.current) {
      sent.current = q;
      setTyped(q);
    }
  }, [q]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = window.setTimeout(() => {
      sent.current = typed;
      find.current(typed);
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      data-filter
      aria-label={label}
      placeholder={placeholder ?? label}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      leftSection={<IconSearch size={14} aria-hidden />}
      className="filter-field"
    />
  );
}
