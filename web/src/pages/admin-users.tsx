import { Button, Modal, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { api } from '~/api/client';
import { queryClient, usersQuery } from '~/api/queries';
import type { User } from '~/api/types';
import { ErrorBox, Loading, PageHead, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';

export const roleOptions = ['viewer', 'operator', 'engineer', 'coordinator', 'admin'].map((role) => ({
  value: role,
  label: text.role[role] ?? role,
}));

function AddUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [form, setForm] = useState({ username: '', displayName: '', role: 'viewer', password: '' });
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(null);
    try {
      await api.addUser(form);
      await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
      setForm({ username: '', displayName: '', role: 'viewer', password: '' });
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={text.users.add} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={text.login.username}
          value={form.username}
          onChange={(e) => set({ username: e.currentTarget.value })}
          required
          data-autofocus
          autoComplete="off"
        />
        <TextInput
          label={text.users.displayName}
          value={form.displayName}
          onChange={(e) => set({ displayName: e.currentTarget.value })}
          required
        />
        <NativeSelect
          label={text.users.role}
          data={roleOptions}
          value={form.role}
          onChange={(e) => set({ role: e.currentTarget.value })}
          description={text.users.roleWhy[form.role]}
        />
        <PasswordInput
          label={text.users.firstPassword}
          value={form.password}
          onChange={(e) => set({ password: e.currentTarget.value })}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': text.login.show }}
        />
        <div className="row-actions">
          <Button type="submit">{text.users.add}</Button>
        </div>
      </form>
    </Modal>
  );
}

function ChangePassword({ user, onClose }: { user: User | null; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!user) return;
    try {
      await api.changeUser(user.username, { password });
      setPassword('');
      setError(null);
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      title={text.users.newPassword(user?.username ?? '')}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <PasswordInput
          label={text.login.password}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
          required
          data-autofocus
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': text.login.show }}
        />
        <Button type="submit">{text.save}</Button>
      </form>
    </Modal>
  );
}

export function UsersPage() {
  useTitle(text.nav.users);
  const { user: me } = useSession();
  const query = useQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState<User | null>(null);
  const [error, setError] = useState<unknown>(null);
  const change = async (user: User, what: Record<string, unknown>): Promise<void> => {
    setError(null);
    try {
      await api.changeUser(user.username, what);
    } catch (cause) {
      setError(cause);
    }
    await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
  };
  return (
    <>
      <PageHead title={text.nav.users}>
        <Button size="sm" onClick={() => setAdding(true)}>
          {text.users.add}
        </Button>
      </PageHead>
      {error ? <ErrorBox error={error} /> : null}
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? (
        <div className="panel">
          <PlainTable
            columns={[
              { header: text.login.username, cell: (user) => <span className="code">{user.username}</span> },
              { header: text.users.displayName, cell: (user) => user.displayName },
              {
                header: text.users.role,
                cell: (user) => (
                  <NativeSelect
                    aria-label={text.users.roleOf(user.username)}
                    data={roleOptions}
                    value={user.role}
                    disabled={user.username === me?.username}
                    onChange={(event) => void change(user, { role: event.currentTarget.value })}
                  />
                ),
              },
              {
                header: text.col.status,
                cell: (user) => (user.active === false ? text.users.disabled : text.users.active),
              },
              {
                header: text.actions,
                quiet: true,
                align: 'right',
                cell: (user) => (
                  <>
                    <Button variant="subtle" onClick={() => setResetting(user)}>
                      {text.users.setPassword}
                    </Button>
                    {user.username === me?.username ? null : (
                      <Button
                        variant="subtle"
                        color="gray"
                        onClick={() => void change(user, { active: user.active === false })}
                      >
                        {user.active === false ? text.users.enable : text.users.disable}
                      </Button>
                    )}
                  </>
                ),
              },
            ]}
            rows={query.data.data}
            rowKey={(user) => user.username}
          />
        </div>
      ) : null}
      <AddUser opened={adding} onClose={() => setAdding(false)} />
      <ChangePassword user={resetting} onClose={() => setResetting(null)} />
    </>
  );
}
