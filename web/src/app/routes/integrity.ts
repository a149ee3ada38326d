import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from '../base-route';

export const integrityRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/admin/integrity',
    component: lazyRouteComponent(() => import('~/pages/integrity/integrity'), 'IntegrityPage'),
  }),
];
