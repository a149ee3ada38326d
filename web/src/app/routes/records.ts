import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app, lean, oneOf, type Raw, str } from '../base-route';

export type EventDraft = Record<string, unknown>;
const draft = (value: unknown): EventDraft | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as EventDraft) : undefined;

export const recordRoutes = [
  createRoute({
    getParentRoute: () => app,
    path: '/search',
    validateSearch: (raw: Raw) =>
      lean({
        q: str(raw['q']),
        type: str(raw['type']),
        item: str(raw['item']),
        partner: str(raw['partner']),
        from: str(raw['from']),
        to: str(raw['to']),
      }),
    component: lazyRouteComponent(() => import('~/pages/records/search'), 'SearchPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/gaps',
    validateSearch: (raw: Raw) =>
      lean({
        kind: str(raw['kind']),
        place: str(raw['place']),
        item: str(raw['item']),
        olderThan: str(raw['olderThan']),
        q: str(raw['q']),
        order: oneOf(raw['order'], ['newest']),
      }),
    component: lazyRouteComponent(() => import('~/pages/records/gaps'), 'GapsPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/documents/$number',
    component: lazyRouteComponent(() => import('~/pages/records/document'), 'DocumentPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/attributes',
    validateSearch: (raw: Raw) => lean({ q: str(raw['q']) }),
    component: lazyRouteComponent(() => import('~/pages/records/attributes'), 'AttributesPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/events/new',
    validateSearch: (raw: Raw) => lean({ event: draft(raw['event']) }),
    component: lazyRouteComponent(() => import('~/pages/records/new-event'), 'NewEventPage'),
  }),
  createRoute({
    getParentRoute: () => app,
    path: '/events/$event',
    component: lazyRouteComponent(() => import('~/pages/records/event'), 'EventPage'),
  }),
];
