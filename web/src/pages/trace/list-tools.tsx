/** What is set for a whole list: which columns, and views that are kept. */
import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import type { TraceSearch as Search } from '~/app/router';
import { SavedViews } from '~/kit/saved-views';
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

export function TraceViews() {
  const search: Search = route.useSearch();
  const change = useChange();
  return (
    <SavedViews
      list="trace-units"
      current={Object.fromEntries(viewKeys.flatMap((key) => (search[key] ? [[key, search[key]]] : [])))}
      onShow={(kept) =>
        change((was) => ({ ...was, ...Object.fromEntries(viewKeys.map((key) => [key, undefined])), ...kept }))
      }
    />
  );
}
