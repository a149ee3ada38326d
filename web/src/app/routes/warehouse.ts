import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app, lean, oneOf, type Raw, str } from '../base-route';

/** Everything that narrows the stock, groups it and is selected of it: a link shows the same to a colleague. */
const stockSearch = (raw: Raw) =>
  lean({
    q: str(raw['q']),
    item: str(raw['item']),
    place: str(raw['place']),
    supplier: str(raw['supplier']),
    revision: str(raw['revision']),
    container: str(raw['container']),
    state: str(raw['state']),
    held: oneOf(raw['held'], ['held', 'free']),
    age: str(raw['age']),
    madeOn: str(raw['madeOn']),
    expires: str(raw['expires']),
    attr: str(raw['attr']),
    by: str(raw['by']),
    sort: str(raw['sort']),
    sel: str(raw['sel']),
  });
export type StockSearch = ReturnType<typeof stockSearch>;

export const warehouseRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/instructions',
    validateSearch: (raw: Raw) => lean({ q: str(raw['q']), state: oneOf(raw['state'], ['retired', 'all']) }),
    component: lazyRouteComponent(() => import('~/pages/warehouse/instructions'), 'InstructionsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/stock',
    validateSearch: stockSearch,
    component: lazyRouteComponent(() => import('~/pages/stock/stock'), 'StockPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/labels',
    validateSearch: (raw: Raw) => lean({ state: oneOf(raw['state'], ['asked', 'printed', 'cancelled']) }),
    component: lazyRouteComponent(() => import('~/pages/stock/labels'), 'LabelsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/tasks',
    validateSearch: (raw: Raw) => lean({ q: str(raw['q']), status: str(raw['status']), kind: str(raw['kind']) }),
    component: lazyRouteComponent(() => import('~/pages/warehouse/tasks'), 'TasksPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/tasks/$task',
    component: lazyRouteComponent(() => import('~/pages/warehouse/task'), 'TaskPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/task-rules',
    component: lazyRouteComponent(() => import('~/pages/warehouse/rules'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/place-tree',
    validateSearch: (raw: Raw) => lean({ q: str(raw['q']) }),
    component: lazyRouteComponent(() => import('~/pages/warehouse/place-tree'), 'PlaceTreePage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/tasks',
    component: lazyRouteComponent(() => import('~/pages/warehouse/floor-tasks'), 'FloorTasksPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/tasks/$task',
    component: lazyRouteComponent(() => import('~/pages/warehouse/floor-task'), 'FloorTaskPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/move',
    component: lazyRouteComponent(() => import('~/pages/warehouse/floor-move'), 'FloorMovePage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/pack',
    component: lazyRouteComponent(() => import('~/pages/warehouse/floor-pack'), 'FloorPackPage'),
  }),
];
