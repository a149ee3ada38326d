/** Owns the views of lists that people keep under a name, for themselves or for all. */
export { ViewsHttpModule } from './views.http';
