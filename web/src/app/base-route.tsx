/** The two routes that all others hang on, and how addresses are read: shared by the lists of routes of each area. */
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { meQuery, queryClient } from '~/api/queries';
import { ErrorBox } from '~/kit/page';
import { NotFound } from './not-found';

export type Raw = Record<string, unknown>;
export const str = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
export const oneOf = <const V extends string>(value: unknown, allowed: readonly V[]): V | undefined =>
  allowed.find((one) => one === value);
/** Leaves out what is not set, so that addresses stay short. */
export const lean = <S extends object>(search: S): { [K in keyof S]?: Exclude<S[K], undefined> } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as S;

export const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => (
    <main className="page">
      <ErrorBox error={error} retry={reset} />
    </main>
  ),
});

export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const user = await queryClient.ensureQueryData(meQuery);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    if (!user) throw redirect({ to: '/login', search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import('./shell'), 'Shell'),
});
