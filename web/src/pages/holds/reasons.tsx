/** The plant's own list of reasons: what is chosen instead of typed can be counted. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { holdsApi, reasonsQuery, type Reason } from '~/api/holds';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { ErrorBox, Loading } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';

const words = text.holds.reasons;

export function ReasonsTab() {
  const { can } = useSession();
  const query = useQuery(reasonsQuery);
  const [code, setCode] = useState('');
  const [said, setSaid] = useState('');
  const [error, setError] = useState<unknown>(null);
  const put = async ({ code: key, ...reason }: Reason): Promise<void> => {
    setError(null);
    try {
      await holdsApi.putReason(key, reason);
      await queryClient.invalidateQueries({ queryKey: reasonsQuery.queryKey });
      setCode('');
      setSaid('');
    } catch (cause) {
      setError(cause);
    }
  };
  const add = (event: FormEvent): void => {
    event.preventDefault();
    void put({ code, kind: 'hold', text: said, retired: false });
  };
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} />;
  const may = can('masterdata:write');
  return (
    <>
      {error ? <ErrorBox error={error} /> : null}
      <PlainTable
        label={words.title}
        columns={[
          { header: words.code, cell: (row) => <span className="code">{row.code}</span> },
          { header: words.text, cell: (row) => row.text },
          { header: words.retired, quiet: true, cell: (row) => (row.retired ? words.retired : '') },
          {
            header: text.actions,
            quiet: true,
            cell: (row) =>
              may ? (
                <Button variant="subtle" onClick={() => void put({ ...row, retired: !row.retired })}>
                  {row.retired ? words.restore : words.retire}
                </Button>
              ) : null,
          },
        ]}
        rows={query.data.data}
        rowKey={(row) => row.code}
      />
      {may ? (
        <form onSubmit={add} className="filter-bar">
          <TextInput label={words.code} value={code} onChange={(e) => setCode(e.currentTarget.value)} required />
          <TextInput label={words.text} value={said} onChange={(e) => setSaid(e.currentTarget.value)} required />
          <Button type="submit" className="hold-end">
            {words.add}
          </Button>
        </form>
      ) : null}
    </>
  );
}
