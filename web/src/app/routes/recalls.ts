import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { recallStates } from '~/api/recalls';
import { app, lean, oneOf, type Raw, str } from '../base-route';

export const recallRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/recalls',
    validateSearch: (raw: Raw) =>
      lean({
        q: str(raw['q']),
        state: oneOf(raw['state'], ['open', ...recallStates]),
        drill: oneOf(raw['drill'], ['true', 'false']),
      }),
    component: lazyRouteComponent(() => import('~/pages/recalls/recalls'), 'RecallsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/recalls/new',
    component: lazyRouteComponent(() => import('~/pages/recalls/new-recall'), 'NewRecallPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/recalls/$recall',
    component: lazyRouteComponent(() => import('~/pages/recalls/recall'), 'RecallPage'),
  }),
];
