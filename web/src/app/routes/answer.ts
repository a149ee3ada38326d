import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../base-route';

/** Outside the shell: whoever answers has no account. */
export const answerRoute = createRoute({
  getParentRoute: () => root,
  path: '/answer/$token',
  component: lazyRouteComponent(() => import('~/pages/answer'), 'AnswerPage'),
});
