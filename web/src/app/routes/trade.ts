import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app, lean, oneOf, type Raw, str } from '../base-route';

const find = (raw: Raw) => lean({ q: str(raw['q']) });
export const partnerTabs = ['shipments', 'units', 'receipts', 'supplied', 'papers'] as const;

export const tradeRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/orders/$kind',
    params: {
      parse: ({ kind }) => ({ kind: kind === 'sales' ? ('sales' as const) : ('purchase' as const) }),
      stringify: ({ kind }) => ({ kind }),
    },
    validateSearch: (raw: Raw) =>
      lean({ q: str(raw['q']), state: oneOf(raw['state'], ['open', 'done', 'closed']), partner: str(raw['partner']) }),
    component: lazyRouteComponent(() => import('~/pages/trading/orders'), 'OrdersPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/orders/$kind/$order',
    params: {
      parse: ({ kind, order }) => ({ kind: kind === 'sales' ? ('sales' as const) : ('purchase' as const), order }),
      stringify: ({ kind, order }) => ({ kind, order }),
    },
    component: lazyRouteComponent(() => import('~/pages/trading/order'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/receipts',
    validateSearch: find,
    component: lazyRouteComponent(() => import('~/pages/trading/receipts'), 'ReceiptsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/receipts/$receipt',
    component: lazyRouteComponent(() => import('~/pages/trading/receipt'), 'ReceiptPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/inspections',
    validateSearch: find,
    component: lazyRouteComponent(() => import('~/pages/trading/inspections'), 'InspectionsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/shipments',
    validateSearch: find,
    component: lazyRouteComponent(() => import('~/pages/trading/shipments'), 'ShipmentsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/shipments/$shipment',
    component: lazyRouteComponent(() => import('~/pages/trading/shipment'), 'ShipmentPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/returns',
    validateSearch: find,
    component: lazyRouteComponent(() => import('~/pages/trading/shipments'), 'ReturnsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/partners/$partner',
    validateSearch: (raw: Raw) =>
      lean({
        tab: oneOf(raw['tab'], partnerTabs),
        edit: oneOf(raw['edit'], ['terms']),
        item: str(raw['item']),
        code: str(raw['code']),
        from: str(raw['from']),
        until: str(raw['until']),
      }),
    component: lazyRouteComponent(() => import('~/pages/trading/partner'), 'PartnerPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/receive',
    validateSearch: (raw: Raw) => lean({ order: str(raw['order']), without: oneOf(raw['without'], ['true']) }),
    component: lazyRouteComponent(() => import('~/pages/trading/floor-receive'), 'ReceivePage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/inspect',
    validateSearch: (raw: Raw) =>
      lean({ item: str(raw['item']), lot: str(raw['lot']), serial: str(raw['serial']), run: str(raw['run']) }),
    component: lazyRouteComponent(() => import('~/pages/trading/floor-inspect'), 'InspectPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/pick',
    validateSearch: (raw: Raw) => lean({ order: str(raw['order']), pick: str(raw['pick']) }),
    component: lazyRouteComponent(() => import('~/pages/trading/floor-pick'), 'PickPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/ship',
    validateSearch: (raw: Raw) => lean({ order: str(raw['order']), container: str(raw['container']) }),
    component: lazyRouteComponent(() => import('~/pages/trading/floor-ship'), 'ShipPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/return',
    component: lazyRouteComponent(() => import('~/pages/trading/floor-return'), 'TakeBackPage'),
  }),
];
