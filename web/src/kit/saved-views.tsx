/** Views that are kept of a list: what it is narrowed by, under a name, on any computer; for oneself or for all. */
import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { forgetView, keepView, viewsQuery, type ViewSearch } from '~/api/views';
import { text } from '~/text';
import { ErrorBox } from './page';

type Props = {
  /** which list, as the server keeps it */
  list: string;
  /** what the address says now */
  current: ViewSearch;
  onShow: (search: ViewSearch) => void;
};

export function SavedViews({ list, current, onShow }: Props) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery({ ...viewsQuery(list), enabled: opened });
  const views = query.data ?? [];
  const act = async (change: Promise<void>): Promise<void> => {
    setError(null);
    try {
      await change;
      setName('');
    } catch (cause) {
      setError(cause);
    }
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const called = name.trim();
    if (called !== '') void act(keepView(list, called, { search: current, shared }));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus>
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
        {(error ?? query.error) ? <ErrorBox error={error ?? query.error} /> : null}
        {query.data?.length === 0 ? <p className="dim small">{text.views.none}</p> : null}
        <ul className="rows">
          {views.map((view) => (
            <li key={`${view.by} ${view.name}`}>
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  setOpened(false);
                  onShow(view.search);
                }}
              >
                {view.name}
              </button>
              {view.own ? (
                <>
                  {view.shared ? <span className="dim small">{text.views.shared}</span> : null}
                  <Button
                    variant="subtle"
                    color="gray"
                    ml="auto"
                    aria-label={text.views.remove(view.name)}
                    onClick={() => void act(forgetView(list, view.name))}
                  >
                    {text.remove}
                  </Button>
                </>
              ) : (
                <span className="dim small">{text.views.by(view.by)}</span>
              )}
            </li>
          ))}
        </ul>
        <form onSubmit={save} className="stack">
          <TextInput
            label={text.views.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
          <Checkbox
            label={text.views.share}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button type="submit" disabled={name.trim() === ''}>
            {text.save}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
