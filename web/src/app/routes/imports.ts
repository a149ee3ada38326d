import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app, lean, type Raw, str } from '../base-route';

export const importRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/imports/look/$upload',
    validateSearch: (raw: Raw) => lean({ table: str(raw['table']) }),
    component: lazyRouteComponent(() => import('~/pages/imports/look'), 'LookPage'),
  }),
];
