/** What one may do, and which roles may do it. Part of the API: names are added, never changed. */
export const PERMISSIONS = [
  'masterdata:read',
  'masterdata:write',
  'events:read',
  'events:write',
  'units:read',
  'traces:read',
  'traces:run',
  'reports:read',
  /** orders, work orders, tasks, instructions, holds: what people do on the floor, and what they are told to do */
  'work:read',
  'work:do',
  'work:plan',
  'holds:place',
  'holds:release',
  'dispositions:approve',
  'ledger:verify',
  /** cases: their scope, what they stop, whom they tell, how they add up */
  'recalls:read',
  /** draft a case: scope, texts, documents */
  'recalls:prepare',
  /** write down what consignees answer and what checks find */
  'recalls:respond',
  /** sign what binds the plant or reaches a customer: initiate, send, widen, narrow, close */
  'recalls:conduct',
  'recalls:approve',
  'imports:read',
  'imports:run',
  'users:admin',
  'keys:admin',
  'audit:read',
  'metrics:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['viewer', 'operator', 'engineer', 'coordinator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const viewer: Permission[] = PERMISSIONS.filter((p) => p.endsWith(':read') && p !== 'audit:read');
const operator: Permission[] = [...viewer, 'events:write', 'work:do', 'holds:place'];
const engineer: Permission[] = [
  ...operator,
  'masterdata:write',
  'traces:run',
  'imports:run',
  'work:plan',
  'holds:release',
  'recalls:prepare',
  'recalls:respond',
];
const coordinator: Permission[] = [
  ...engineer,
  'audit:read',
  'dispositions:approve',
  'ledger:verify',
  'recalls:conduct',
  'recalls:approve',
];

export const PERMISSIONS_OF: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  engineer,
  coordinator,
  admin: PERMISSIONS,
};
