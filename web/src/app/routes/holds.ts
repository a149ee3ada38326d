import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { dispositionStates } from '~/api/holds';
import { app, lean, oneOf, type Raw, str } from '../base-route';

export const holdTabs = ['groups', 'decisions', 'reasons'] as const;
export const holdWays = ['units', 'place', 'query', 'container'] as const;

export const holdRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/holds',
    validateSearch: (raw: Raw) =>
      lean({
        tab: oneOf(raw['tab'], holdTabs),
        q: str(raw['q']),
        reasonCode: str(raw['reasonCode']),
        olderThanDays: str(raw['olderThanDays']),
        state: oneOf(raw['state'], dispositionStates),
      }),
    component: lazyRouteComponent(() => import('~/pages/holds/holds'), 'HoldsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/holds/new',
    validateSearch: (raw: Raw) =>
      lean({
        by: oneOf(raw['by'], holdWays),
        unit: str(raw['unit']),
        place: str(raw['place']),
        container: str(raw['container']),
        item: str(raw['item']),
        supplier: str(raw['supplier']),
        madeFrom: str(raw['madeFrom']),
        madeBefore: str(raw['madeBefore']),
        q: str(raw['q']),
      }),
    component: lazyRouteComponent(() => import('~/pages/holds/new-hold'), 'NewHoldPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/holds/$group',
    component: lazyRouteComponent(() => import('~/pages/holds/group'), 'HoldGroupPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/dispositions/$disposition',
    component: lazyRouteComponent(() => import('~/pages/holds/disposition'), 'DispositionPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/hold',
    validateSearch: (raw: Raw) => lean({ reason: str(raw['reason']) }),
    component: lazyRouteComponent(() => import('~/pages/holds/floor-hold'), 'FloorHoldPage'),
  }),
];
