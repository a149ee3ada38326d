import { Button, PasswordInput, TextInput } from '@mantine/core';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '~/api/client';
import { meQuery, queryClient } from '~/api/queries';
import { errorText, useTitle } from '~/kit/page';
import { text } from '~/text';

const route = getRouteApi('/login');

/** Only a path of this console: an address from outside must not decide where one lands after signing in. */
const inside = (next: string | undefined): string => (next && /^\/(?![/\\])/.test(next) ? next : '/');

export function LoginPage() {
  useTitle(text.login.title);
  const { next } = route.useSearch();
  const router = useRouter();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { user } = await api.login(username.trim(), password);
      queryClient.clear();
      queryClient.setQueryData(meQuery.queryKey, user);
      router.history.push(inside(next));
    } catch (cause) {
      setError(cause instanceof ApiError && cause.status === 401 ? text.login.wrong : errorText(cause));
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <form onSubmit={(event) => void submit(event)} className="login-card">
        <h1>
          <img src="/icon.svg" alt="" width="28" height="28" /> Unitrail
        </h1>
        <p className="dim">{text.login.what}</p>
        {error ? (
          <p className="notice notice-act" role="alert">
            {error}
          </p>
        ) : null}
        <TextInput
          label={text.login.username}
          size="sm"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={text.login.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': text.login.show }}
          required
          withAsterisk={false}
        />
        <Button type="submit" size="sm" loading={busy} fullWidth>
          {text.login.submit}
        </Button>
      </form>
    </main>
  );
}
