import { Button, CopyButton, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api } from '~/api/client';
import { keysQuery, queryClient } from '~/api/queries';
import type { ApiKey } from '~/api/types';
import { Empty, ErrorBox, Loading, Notice, PageHead, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { roleOptions } from './admin-users';

export function KeysPage() {
  useTitle(text.nav.keys);
  const query = useQuery(keysQuery);
  const [name, setName] = useState('');
  const [role, setRole] = useState('operator');
  const [shown, setShown] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [error, setError] = useState<unknown>(null);

  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(null);
    try {
      const made = await api.addKey(name.trim(), role);
      setShown(made.key);
      setName('');
      await queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
    } catch (cause) {
      setError(cause);
    }
  };
  const revoke = async (): Promise<void> => {
    if (!revoking) return;
    setError(null);
    try {
      await api.revokeKey(revoking.id);
    } catch (cause) {
      setError(cause);
    }
    setRevoking(null);
    await queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
  };

  return (
    <>
      <PageHead title={text.nav.keys} />
      <section className="panel" aria-label={text.keys.add}>
        <form onSubmit={(event) => void add(event)} className="inline-form">
          <TextInput
            label={text.keys.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            placeholder="erp"
          />
          <NativeSelect
            label={text.users.role}
            data={roleOptions}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          <Button type="submit">{text.keys.add}</Button>
        </form>
        {shown ? (
          <Notice tone="warn" title={text.keys.once}>
            <p className="code key-shown" data-testid="new-key">
              {shown}
            </p>
            <CopyButton value={shown}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? text.copied : text.copy}
                </Button>
              )}
            </CopyButton>
          </Notice>
        ) : null}
      </section>
      {error ? <ErrorBox error={error} /> : null}
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.data.length === 0 ? <Empty title={text.keys.none}>{text.keys.noneWhy}</Empty> : null}
      {query.data && query.data.data.length > 0 ? (
        <div className="panel">
          <PlainTable
            columns={[
              { header: text.keys.name, cell: (key) => key.name },
              { header: text.users.role, cell: (key) => text.role[key.role] ?? key.role },
              { header: text.keys.created, cell: (key) => <Time at={key.createdAt} short /> },
              { header: text.col.by, cell: (key) => key.createdBy },
              {
                header: text.actions,
                quiet: true,
                align: 'right',
                cell: (key) => (
                  <Button variant="subtle" color="red" onClick={() => setRevoking(key)}>
                    {text.keys.revoke}
                  </Button>
                ),
              },
            ]}
            rows={query.data.data}
            rowKey={(key) => key.id}
          />
        </div>
      ) : null}
      <Modal
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={text.keys.revokeTitle(revoking?.name ?? '')}
        closeButtonProps={{ 'aria-label': text.close }}
      >
        <p>{text.keys.revokeWhy}</p>
        <div className="row-actions">
          <Button color="red" onClick={() => void revoke()}>
            {text.keys.revoke}
          </Button>
          <Button variant="default" onClick={() => setRevoking(null)}>
            {text.cancel}
          </Button>
        </div>
      </Modal>
    </>
  );
}
