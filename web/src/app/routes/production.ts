import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { fates, stepsOf } from '~/pages/production/rework-steps';
import { app, lean, oneOf, type Raw, str } from '../base-route';

export const loadVerbs = ['load', 'unload', 'top-up', 'clean'] as const;

export const productionRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/work-orders',
    validateSearch: (raw: Raw) =>
      lean({ q: str(raw['q']), state: str(raw['state']), kind: oneOf(raw['kind'], ['build', 'rework']) }),
    component: lazyRouteComponent(() => import('~/pages/production/orders'), 'OrdersPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/work-orders/$number',
    component: lazyRouteComponent(() => import('~/pages/production/order'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/work-centers',
    validateSearch: (raw: Raw) => lean({ edit: oneOf(raw['edit'], ['new']) }),
    component: lazyRouteComponent(() => import('~/pages/production/centers'), 'CentersPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/work-centers/$center',
    validateSearch: (raw: Raw) => lean({ edit: oneOf(raw['edit'], ['center']) }),
    component: lazyRouteComponent(() => import('~/pages/production/center'), 'CenterPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/build',
    validateSearch: (raw: Raw) =>
      lean({ order: str(raw['order']), center: str(raw['center']), station: str(raw['station']) }),
    component: lazyRouteComponent(() => import('~/pages/production/floor-start'), 'StartPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/build/$build',
    component: lazyRouteComponent(() => import('~/pages/production/floor-build'), 'BuildPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/load',
    validateSearch: (raw: Raw) => lean({ run: str(raw['run']), verb: oneOf(raw['verb'], loadVerbs) }),
    component: lazyRouteComponent(() => import('~/pages/production/floor-load'), 'LoadPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/swap',
    validateSearch: (raw: Raw) =>
      lean({
        parent: str(raw['parent']),
        out: str(raw['out']),
        fate: oneOf(raw['fate'], ['scrap', 'stock', 'quarantine', 'supplier']),
      }),
    component: lazyRouteComponent(() => import('~/pages/production/floor-swap'), 'SwapPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/rework',
    validateSearch: (raw: Raw) =>
      lean({
        parent: str(raw['parent']),
        mode: oneOf(raw['mode'], ['out', 'in']),
        fate: oneOf(raw['fate'], fates),
        steps: stepsOf(raw['steps']),
      }),
    component: lazyRouteComponent(() => import('~/pages/production/floor-rework'), 'ReworkPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/scrap',
    component: lazyRouteComponent(() => import('~/pages/production/floor-scrap'), 'ScrapPage'),
  }),
];
