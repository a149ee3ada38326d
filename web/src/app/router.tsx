/**
 * Every screen and what its address holds. All that a person sets (filters, tab, direction, time, selected unit) is in the
 * address, so Back, reload and a link sent to a colleague show the same. Pages are fetched when first opened.
 */
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { meQuery, queryClient } from '~/api/queries';
import { Loading } from '~/kit/page';
import { answerRoute } from './routes/answer';
import { warehouseRoutes } from './routes/warehouse';
import { floorRoutes } from './routes/floor';
import { holdRoutes } from './routes/holds';
import { integrityRoutes } from './routes/integrity';
import { productionRoutes } from './routes/production';
import { importRoutes } from './routes/imports';
import { tradeRoutes } from './routes/trade';
import { recallRoutes } from './routes/recalls';
import { recordRoutes } from './routes/records';
import { app, lean, oneOf, type Raw, root, str } from './base-route';

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (raw: Raw) => lean({ next: str(raw['next']) }),
  component: lazyRouteComponent(() => import('~/pages/login'), 'LoginPage'),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('~/pages/home'), 'HomePage'),
});

export const unitTabs = ['contains', 'used-in', 'as-built', 'history', 'balance', 'papers'] as const;
const unit = createRoute({
  getParentRoute: () => app,
  path: '/units/$unit',
  validateSearch: (raw: Raw) => lean({ tab: oneOf(raw['tab'], unitTabs), at: str(raw['at']) }),
  component: lazyRouteComponent(() => import('~/pages/unit'), 'UnitPage'),
});

const traces = createRoute({
  getParentRoute: () => app,
  path: '/traces',
  component: lazyRouteComponent(() => import('~/pages/traces'), 'TracesPage'),
});

export type SeedSearch = { u: string; from?: string; until?: string };
const seedsOf = (value: unknown): SeedSearch[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const seeds = value
    .map((one: unknown) => (typeof one === 'object' && one !== null ? (one as Raw) : {}))
    .flatMap((one) => {
      const u = str(one['u']);
      return u ? [{ u, ...lean({ from: str(one['from']), until: str(one['until']) }) }] : [];
    });
  return seeds.length > 0 ? seeds : undefined;
};
const words = (value: unknown): string[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const list = value.flatMap((one: unknown) => str(one) ?? []);
  return list.length > 0 ? list : undefined;
};
const traceNew = createRoute({
  getParentRoute: () => app,
  path: '/traces/new',
  validateSearch: (raw: Raw) =>
    lean({
      direction: oneOf(raw['direction'], ['forward', 'backward']),
      seeds: seedsOf(raw['seeds']),
      at: str(raw['at']),
      certainty: oneOf(raw['certainty'], ['certain']),
      items: words(raw['items']),
      inspections: words(raw['inspections']),
      position: str(raw['position']),
      threshold: str(raw['threshold']),
      justification: str(raw['justification']),
      source: oneOf(raw['source'], ['index', 'sql']),
      priority: oneOf(raw['priority'], ['recall', 'report']),
    }),
  component: lazyRouteComponent(() => import('~/pages/trace-new'), 'TraceNewPage'),
});

export const traceTabs = ['units', 'graph', 'customers', 'excluded', 'gaps', 'compare'] as const;
export type TraceTab = (typeof traceTabs)[number];
const traceSearch = (raw: Raw) =>
  lean({
    tab: oneOf(raw['tab'], traceTabs),
    item: str(raw['item']),
    certainty: oneOf(raw['certainty'], ['certain', 'possible']),
    state: str(raw['state']),
    place: str(raw['place']),
    customer: str(raw['customer']),
    q: str(raw['q']),
    kinds: str(raw['kinds']),
    month: str(raw['month']),
    sort: str(raw['sort']),
    /** where in the list one is, and what is picked: both of these filters alone (see position.ts) */
    pos: str(raw['pos']),
    sel: str(raw['sel']),
    other: str(raw['other']),
    change: oneOf(raw['change'], ['added', 'removed', 'reclassified']),
    /** the way by which one came to the unit in the panel */
    trail: str(raw['trail']),
    reason: str(raw['reason']),
    hit: oneOf(raw['hit'], ['true']),
    gap: str(raw['gap']),
    by: oneOf(raw['by'], ['item', 'lot']),
    view: oneOf(raw['view'], ['table']),
    hide: str(raw['hide']),
    why: str(raw['why']),
  });
export type TraceSearch = ReturnType<typeof traceSearch>;

const trace = createRoute({
  getParentRoute: () => app,
  path: '/traces/$trace',
  validateSearch: traceSearch,
  component: lazyRouteComponent(() => import('~/pages/trace/trace'), 'TracePage'),
});

const report = createRoute({
  getParentRoute: () => app,
  path: '/traces/$trace/report',
  component: lazyRouteComponent(() => import('~/pages/report'), 'ReportPage'),
});

const find = (raw: Raw) => lean({ q: str(raw['q']) });
const items = createRoute({
  getParentRoute: () => app,
  path: '/items',
  validateSearch: find,
  component: lazyRouteComponent(() => import('~/pages/records'), 'ItemsPage'),
});
const item = createRoute({
  getParentRoute: () => app,
  path: '/items/$item',
  validateSearch: (raw: Raw) =>
    lean({ plan: oneOf(raw['plan'], ['any', 'new', 'of']), supplier: str(raw['supplier']) }),
  component: lazyRouteComponent(() => import('~/pages/item'), 'ItemPage'),
});
const places = createRoute({
  getParentRoute: () => app,
  path: '/places',
  validateSearch: find,
  component: lazyRouteComponent(() => import('~/pages/records'), 'PlacesPage'),
});
const partners = createRoute({
  getParentRoute: () => app,
  path: '/partners',
  validateSearch: find,
  component: lazyRouteComponent(() => import('~/pages/records'), 'PartnersPage'),
});

const blast = createRoute({
  getParentRoute: () => app,
  path: '/blast-radius',
  validateSearch: (raw: Raw) => lean({ sort: str(raw['sort']), item: str(raw['item']), q: str(raw['q']) }),
  component: lazyRouteComponent(() => import('~/pages/blast-radius'), 'BlastRadiusPage'),
});

const imports = createRoute({
  getParentRoute: () => app,
  path: '/imports',
  component: lazyRouteComponent(() => import('~/pages/imports'), 'ImportsPage'),
});
const importJob = createRoute({
  getParentRoute: () => app,
  path: '/imports/$import',
  component: lazyRouteComponent(() => import('~/pages/import'), 'ImportPage'),
});

const users = createRoute({
  getParentRoute: () => app,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('~/pages/admin-users'), 'UsersPage'),
});
const keys = createRoute({
  getParentRoute: () => app,
  path: '/admin/api-keys',
  component: lazyRouteComponent(() => import('~/pages/admin-keys'), 'KeysPage'),
});
/** The addresses above the pages lead to the first of them that this person may open. */
const recordsHome = createRoute({
  getParentRoute: () => app,
  path: '/records',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to: '/items', replace: true });
  },
});
const adminHome = createRoute({
  getParentRoute: () => app,
  path: '/admin',
  beforeLoad: async () => {
    const may = (await queryClient.ensureQueryData(meQuery))?.permissions ?? [];
    const to = may.includes('users:admin')
      ? '/admin/users'
      : may.includes('keys:admin')
        ? '/admin/api-keys'
        : may.includes('audit:read')
          ? '/admin/audit'
          : may.includes('metrics:read')
            ? '/admin/health'
            : '/admin/users';
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to, replace: true });
  },
});
const keysByShortName = createRoute({
  getParentRoute: () => app,
  path: '/admin/keys',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to: '/admin/api-keys', replace: true });
  },
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/admin/audit',
  validateSearch: (raw: Raw) => lean({ subject: str(raw['subject']) }),
  component: lazyRouteComponent(() => import('~/pages/admin-audit'), 'AuditPage'),
});

const health = createRoute({
  getParentRoute: () => app,
  path: '/admin/health',
  component: lazyRouteComponent(() => import('~/pages/admin-health'), 'HealthPage'),
});

const routeTree = root.addChildren([
  login,
  answerRoute,
  app.addChildren([
    home,
    unit,
    traces,
    traceNew,
    trace,
    report,
    items,
    item,
    places,
    partners,
    blast,
    imports,
    ...importRoutes,
    importJob,
    users,
    keys,
    ...warehouseRoutes,
    audit,
    health,
    recordsHome,
    adminHome,
    keysByShortName,
    ...floorRoutes,
    ...holdRoutes,
    ...integrityRoutes,
    ...productionRoutes,
    ...tradeRoutes,
    ...recallRoutes,
    ...recordRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultPendingComponent: () => <Loading />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
