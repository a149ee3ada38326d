/** What is set for a whole list: which columns, and views that are kept. */
import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconColumns } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { TraceSearch as Search } from '~/app/router';
import { useSession } from '~/app/session';
import { useLocal } from '~/kit/local';
import { text } from '~/text';
import { useChange } from './unit-list';

const route = getRouteApi('/app/traces/$trace');

export function ColumnChoice({ columns }: { columns: { id: string; header: string }[] }) {
  const { hide } = route.useSearch();
  const change = useChange();
  const hidden = hide?.split(',') ?? [];
  const toggle = (id: string): void => {
    const next = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
    change({ hide: next.length > 0 ? next.join(',') : undefined });
  };
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={14} aria-hidden />}>
          {text.table.columns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="column-list">
          {columns
            .filter((column) => column.id !== 'unit')
            .map((column) => (
              <Checkbox
                key={column.id}
                label={column.header}
                checked={!hidden.includes(column.id)}
                onChange={() => toggle(column.id)}
              />
            ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What a view keeps: never which unit is open, nor where in the list one was. */
const viewKeys = ['item', 'certainty', 'state', 'place', 'customer', 'month', 'q', 'kinds', 'sort', 'hide'] as const;
type View = { name: string; search: Partial<Search> };
const VIEWS_MAX = 30;

export function SavedViews() {
  const { user } = useSession();
  const search = route.useSearch();
  const change = useChange();
  const [views, keep] = useLocal<View[]>(`unitrail.views.${user?.username ?? ''}`, []);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const called = name.trim();
    if (called === '') return;
    const kept = Object.fromEntries(viewKeys.flatMap((key) => (search[key] ? [[key, search[key]]] : [])));
    keep([...views.filter((view) => view.name !== called), { name: called, search: kept }].slice(-VIEWS_MAX));
    setName('');
  };
  const show = (view: View): void => {
    setOpened(false);
    change((was) => ({
      ...was,
      ...Object.fromEntries(viewKeys.map((key) => [key, undefined])),
      ...view.search,
    }));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={14} aria-hidden />}
          onClick={() => setOpened((was) => !was)}
        >
          {text.views.button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className="pop-title">{text.views.title}</h2>
        {views.length === 0 ? <p className="dim small">{text.views.none}</p> : null}
        <ul className="rows">
          {views.map((view) => (
            <li key={view.name}>
              <button type="button" className="link-button" onClick={() => show(view)}>
                {view.name}
              </button>
              <Button
                variant="subtle"
                color="gray"
                ml="auto"
                aria-label={text.views.remove(view.name)}
                onClick={() => keep(views.filter((one) => one !== view))}
              >
                {text.remove}
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={save} className="scan-form">
          <TextInput
            label={text.views.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
          <Button type="submit" disabled={name.trim() === ''}>
            {text.save}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
