/** The places of the console and who may go there: each area adds its line. What may not be opened is not shown. */
import { text } from '~/text';

export type NavLine = { to: string; label: string; permission: string };

/** In the header itself, in this order. */
export const mainNav: NavLine[] = [
  { to: '/traces', label: text.nav.trace, permission: 'traces:read' },
  { to: '/recalls', label: text.recalls.title, permission: 'recalls:read' },
  { to: '/holds', label: text.nav.holds, permission: 'work:read' },
  { to: '/floor', label: text.nav.floor, permission: 'units:read' },
];

export const recordsNav: NavLine[] = [
  { to: '/search', label: text.nav.search, permission: 'units:read' },
  { to: '/gaps', label: text.nav.gaps, permission: 'units:read' },
  { to: '/events/new', label: text.nav.newEvent, permission: 'events:write' },
  { to: '/items', label: text.nav.items, permission: 'masterdata:read' },
  { to: '/places', label: text.nav.places, permission: 'masterdata:read' },
  { to: '/partners', label: text.nav.partners, permission: 'masterdata:read' },
  { to: '/instructions', label: text.warehouse.nav.instructions, permission: 'work:read' },
  { to: '/work-orders', label: text.production.orders, permission: 'work:read' },
  { to: '/work-centers', label: text.production.centers.title, permission: 'work:read' },
  { to: '/attributes', label: text.nav.attributes, permission: 'masterdata:read' },
  { to: '/blast-radius', label: text.nav.blast, permission: 'traces:read' },
  { to: '/imports', label: text.nav.imports, permission: 'imports:read' },
];

export const ordersNav: NavLine[] = [
  { to: '/orders/purchase', label: text.trade.nav.purchase, permission: 'work:read' },
  { to: '/receipts', label: text.trade.nav.receipts, permission: 'work:read' },
  { to: '/inspections', label: text.trade.nav.inspections, permission: 'work:read' },
  { to: '/orders/sales', label: text.trade.nav.sales, permission: 'work:read' },
  { to: '/shipments', label: text.trade.nav.shipments, permission: 'work:read' },
  { to: '/returns', label: text.trade.nav.returns, permission: 'work:read' },
];

export const warehouseNav: NavLine[] = [
  { to: '/stock', label: text.warehouse.nav.stock, permission: 'work:read' },
  { to: '/tasks', label: text.warehouse.nav.tasks, permission: 'work:read' },
  { to: '/labels', label: text.warehouse.labels.title, permission: 'work:read' },
  { to: '/place-tree', label: text.warehouse.nav.places, permission: 'work:read' },
  { to: '/task-rules', label: text.warehouse.nav.rules, permission: 'work:read' },
];

export const adminNav: NavLine[] = [
  { to: '/admin/users', label: text.nav.users, permission: 'users:admin' },
  { to: '/admin/api-keys', label: text.nav.keys, permission: 'keys:admin' },
  { to: '/admin/audit', label: text.nav.audit, permission: 'audit:read' },
  { to: '/admin/integrity', label: text.integrity.title, permission: 'ledger:verify' },
  { to: '/admin/health', label: text.nav.health, permission: 'metrics:read' },
];
