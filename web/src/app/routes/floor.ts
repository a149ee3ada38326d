import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from '../base-route';

export const floorRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/floor',
    component: lazyRouteComponent(() => import('~/pages/floor/floor'), 'FloorPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/floor/look',
    component: lazyRouteComponent(() => import('~/pages/floor/look'), 'LookPage'),
  }),
];
