/** Orders, receipts, picks, shipments, returns and papers, as the API answers them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { fail, get, url, write } from './client';
import type { Page, Partner, Quantity, UnitRef } from './types';

export type OrderKind = 'purchase' | 'sales';
export type OrderState = 'open' | 'done' | 'closed';
export type Terms = {
  overPercent: string | null;
  shortPercent: string | null;
  lifeDaysMin: number | null;
  strategy: string | null;
};
export type OrderRow = {
  order: string;
  kind: OrderKind;
  partner: string;
  at: string;
  due: string | null;
  state: OrderState;
  lines: number;
  linesDone: number;
  items: string[];
  closed: string | null;
};
export type OrderLine = {
  line: string;
  item: string;
  name: string;
  tracking: 'serial' | 'lot' | 'none';
  ordered: Quantity;
  announced: Quantity;
  inTransit: Quantity;
  done: Quantity | null;
  returned: Quantity;
  open: Quantity;
  reserved: Quantity;
  delivered: string;
  due: string | null;
  place: string | null;
  tolerance: { over: string; short: string };
  terms: Terms;
  named: string[];
  whereabouts: { state: string; units: number; quantity: Quantity | null }[];
  closed: string | null;
  state: OrderState;
};
export type Order = OrderRow & { orderLines: OrderLine[]; strays: { item: string; quantity: string | null }[] };
export type OrderUnit = {
  id: string;
  unit: UnitRef;
  name: string;
  line: string | null;
  part: string;
  quantity: Quantity | null;
  at: string;
};

export type Paper = {
  file: string;
  name: string;
  kind: string;
  mediaType: string;
  sizeBytes: number;
  sha256: string;
  units: { id: string; unit: UnitRef }[];
  receipt: string | null;
  shipment: string | null;
  by: string;
  at: string;
};
type Voided = { at: string; reason: string } | null;
export type ReceiptRow = {
  receipt: string;
  purchaseOrder: string | null;
  supplier: string | null;
  place: string;
  at: string;
  reason: string | null;
  note: string | null;
  by: string;
  units: number;
  items: string[];
  held: number;
  rejected: number;
  voided: Voided;
};
type Inspection = {
  characteristic: string;
  passed: boolean;
  measured: string | null;
  low: string | null;
  high: string | null;
};
export type Receipt = ReceiptRow & {
  lines: {
    orderLine: string | null;
    item: string;
    name: string;
    quantity: Quantity;
    id: string | null;
    unit: UnitRef | null;
    supplierLot: string | null;
    revision: string | null;
    decision: 'accept' | 'hold' | 'reject';
    reason: string | null;
    /** what it waits for */
    pending: string[];
    inspections: Inspection[];
  }[];
  documents: Paper[];
  labels: { request: string; unit: UnitRef; copies: number; template: string | null; state: string }[];
};

export type Characteristic = { name: string; low: string | null; high: string | null; uom: string | null };
export type Plan = { characteristics: Characteristic[]; skippable: boolean };

/** A unit that came in and waits for its inspection. */
export type Waiting = {
  receipt: string;
  supplier: string | null;
  id: string;
  unit: UnitRef;
  name: string;
  quantity: Quantity;
  supplierLot: string | null;
  place: string | null;
  since: string;
  missing: Characteristic[];
  skippable: boolean;
};
/** `line`: how many units of its delivered line still wait */
export type WaitingUnit = Waiting & { line: number };
export type InspectionsFound = Answer & { pending: WaitingUnit[] };
export type Inspected = Answer & {
  decision: 'accept' | 'hold' | 'reject';
  units: number;
  missing: string[];
  holds: string[];
};

export type Instruction = { id: string; title: string; text: string; acknowledge: boolean };
export type Found = {
  item: string;
  name: string;
  tracking: 'serial' | 'lot' | 'none';
  uom: string;
  lot?: string;
  serial?: string;
  expires?: string;
  quantity?: Quantity;
  line?: string;
  expected?: string;
  received?: string;
  plan?: Plan;
};
export type Answer = {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: string;
  message: string;
  next?: string;
  unit?: UnitRef & { id: string };
  instructions: Instruction[];
  found?: Found;
};
export type ReturnAnswer = Answer & {
  shipments?: { shipment: string | null; customer: string | null; at: string; quantity: Quantity | null }[];
  proposal?: { customer: string | null; shipment: string | null };
};

export type PickRow = {
  pick: string;
  salesOrder: string;
  customer: string;
  strategy: string;
  lifeDaysMin: number;
  from: string | null;
  to: string | null;
  state: 'open' | 'done' | 'cancelled';
  by: string;
  at: string;
  lines: number;
  picked: number;
};
export type PickLine = {
  pickLine: string;
  orderLine: string;
  id: string;
  unit: UnitRef;
  name: string;
  place: string | null;
  quantity: Quantity;
  state: 'proposed' | 'picked' | 'short' | 'released' | 'shipped';
  container: string | null;
  expires: string | null;
  holds: string[];
  reason: string | null;
  proposed: UnitRef | null;
};
export type Pick = PickRow & {
  pickLines: PickLine[];
  missing: { orderLine: string; item: string; quantity: Quantity; unfit: Record<string, number> }[];
};

export type ShipmentRow = {
  shipment: string;
  customer: string;
  customerName: string;
  salesOrder: string | null;
  carrier: string | null;
  tracking: string | null;
  at: string;
  note: string | null;
  by: string;
  units: number;
  items: string[];
  containers: string[];
  voided: Voided;
};
export type Shipment = ShipmentRow & {
  lines: {
    orderLine: string | null;
    id: string;
    unit: UnitRef;
    name: string;
    quantity: Quantity;
    container: string | null;
    pick: string | null;
    returned: boolean;
  }[];
  documents: Paper[];
  address: string | null;
};
export type ReturnRow = {
  return: string;
  customer: string | null;
  shipment: string | null;
  place: string;
  at: string;
  condition: string | null;
  by: string;
  units: { id: string; unit: UnitRef; name: string }[];
};

export type PartnerShipment = {
  shipment: string | null;
  salesOrder: string | null;
  at: string;
  units: number;
  items: { item: string; units: number; quantity: Quantity | null }[];
  returned: number;
};
export type PartnerUnit = {
  id: string;
  unit: UnitRef;
  name: string;
  quantity: Quantity | null;
  shipment: string | null;
  at: string;
  returned: boolean;
  state: string;
};
export type SuppliedUnit = Omit<PartnerUnit, 'shipment' | 'returned'> & {
  supplierLot: string | null;
  document: string | null;
  receipt: string | null;
  decision: string | null;
  inspections: { passed: number; failed: number };
  certificates: number;
};
export type PartnerFilters = { item?: string; code?: string; from?: string; until?: string };

const enc = encodeURIComponent;
const ordersPath = (kind: OrderKind): string => `/${kind}-orders`;

/** A list that goes on as one scrolls. */
const list = <R>(key: readonly unknown[], path: string, filters: object = {}) =>
  infiniteQueryOptions({
    queryKey: [...key, filters],
    queryFn: ({ pageParam, signal }) => get<Page<R>>(path, { ...filters, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<R>) => page.nextCursor,
  });

export const ordersQuery = (kind: OrderKind, filters: object) =>
  list<OrderRow>(['orders', kind], ordersPath(kind), filters);
export const orderQuery = (kind: OrderKind, order: string) =>
  queryOptions({
    queryKey: ['order', kind, order],
    queryFn: ({ signal }) => get<Order>(`${ordersPath(kind)}/${enc(order)}`, {}, signal),
  });
export const orderUnitsQuery = (kind: OrderKind, order: string) =>
  queryOptions({
    queryKey: ['order', kind, order, 'units'],
    queryFn: ({ signal }) => get<Page<OrderUnit>>(`${ordersPath(kind)}/${enc(order)}/units`, {}, signal),
  });
export const makeOrder = (kind: OrderKind, body: object) => write<Order>('POST', ordersPath(kind), body);
export const changeOrder = (kind: OrderKind, order: string, body: object) =>
  write<Order>('PUT', `${ordersPath(kind)}/${enc(order)}`, body);
export const orderVerb = (kind: OrderKind, order: string, verb: 'close' | 'reopen' | 'cancel', body: object) =>
  write<unknown>('POST', `${ordersPath(kind)}/${enc(order)}/${verb}`, body);

export const receiptsQuery = (filters: object) => list<ReceiptRow>(['receipts'], '/receipts', filters);
export const receiptQuery = (receipt: string) =>
  queryOptions({
    queryKey: ['receipt', receipt],
    queryFn: ({ signal }) => get<Receipt>(`/receipts/${enc(receipt)}`, {}, signal),
  });
export const checkReceipt = (body: object) => write<Answer>('POST', '/receipts/check', body);
export const voidReceipt = (receipt: string, body: object) =>
  write<Receipt>('POST', `/receipts/${enc(receipt)}/void`, body);

export const inspectionsQuery = (filters: object) => list<Waiting>(['inspections'], '/inspections', filters);
export const checkInspection = (body: object) => write<InspectionsFound>('POST', '/inspections/check', body);

export const picksQuery = (filters: object) => list<PickRow>(['picks'], '/picks', filters);
export const pickQuery = (pick: string) =>
  queryOptions({
    queryKey: ['pick', pick],
    queryFn: ({ signal }) => get<Pick>(`/picks/${enc(pick)}`, {}, signal),
  });
export const startPick = (body: object) => write<Pick>('POST', '/picks', body);
export const pickVerb = (pick: string, verb: 'short' | 'cancel', body: object) =>
  write<unknown>('POST', `/picks/${enc(pick)}/${verb}`, body);

export const shipmentsQuery = (filters: object) => list<ShipmentRow>(['shipments'], '/shipments', filters);
export const shipmentQuery = (shipment: string) =>
  queryOptions({
    queryKey: ['shipment', shipment],
    queryFn: ({ signal }) => get<Shipment>(`/shipments/${enc(shipment)}`, {}, signal),
  });
export const voidShipment = (shipment: string, body: object) =>
  write<Shipment>('POST', `/shipments/${enc(shipment)}/void`, body);

export const returnsQuery = (filters: object) => list<ReturnRow>(['returns'], '/returns', filters);
export const checkReturn = (body: object) => write<ReturnAnswer>('POST', '/returns/check', body);

export type LabelRequest = {
  request: string;
  id: string;
  unit: UnitRef;
  name: string;
  copies: number;
  state: string;
  receipt: string | null;
  by: string;
  at: string;
};
export const labelRequestsQuery = (filters: object) =>
  list<LabelRequest>(['label-requests'], '/label-requests', filters);

export const partnerQuery = (partner: string) =>
  queryOptions({
    queryKey: ['partner', partner],
    queryFn: ({ signal }) => get<Partner>(`/partners/${enc(partner)}`, {}, signal),
  });
export const termsQuery = (partner: string) =>
  queryOptions({
    queryKey: ['partner', partner, 'terms'],
    queryFn: ({ signal }) => get<Terms>(`/partners/${enc(partner)}/terms`, {}, signal),
  });
export const putTerms = (partner: string, body: object) => write<Terms>('PUT', `/partners/${enc(partner)}/terms`, body);

export type InspectionPlan = { supplier: string | null; plan: Plan };
const plansPath = (item: string): string => `/items/${enc(item)}/inspection-plans`;
export const inspectionPlansQuery = (item: string) =>
  queryOptions({
    queryKey: ['item', item, 'inspection-plans'],
    queryFn: async ({ signal }) => (await get<{ data: InspectionPlan[] }>(plansPath(item), {}, signal)).data,
  });
export const putInspectionPlan = async (item: string, body: object) =>
  (await write<{ data: InspectionPlan[] }>('PUT', plansPath(item), body)).data;
export const removeInspectionPlan = async (item: string, supplier: string | undefined) =>
  (await write<{ data: InspectionPlan[] }>('DELETE', plansPath(item), undefined, { supplier })).data;

export const partnerShipmentsQuery = (partner: string, filters: PartnerFilters) =>
  list<PartnerShipment>(['partner', partner, 'shipments'], `/partners/${enc(partner)}/shipments`, filters);
export const partnerUnitsQuery = (partner: string, filters: PartnerFilters) =>
  list<PartnerUnit>(['partner', partner, 'received-units'], `/partners/${enc(partner)}/received-units`, filters);
export const suppliedUnitsQuery = (partner: string, filters: PartnerFilters) =>
  list<SuppliedUnit>(['partner', partner, 'supplied-units'], `/partners/${enc(partner)}/supplied-units`, filters);
export const papersQuery = (filters: object) => list<Paper>(['papers'], '/attachments', filters);
export const unitPapersQuery = (unit: string) =>
  queryOptions({
    queryKey: ['unit', unit, 'papers'],
    queryFn: ({ signal }) => get<Page<Paper>>(`/units/${enc(unit)}/attachments`, {}, signal),
  });
export const paperAddress = (file: string): string => url(`/attachments/${enc(file)}/content`);

/** Rows as CSV, fetched with the session's cookie. */
export const csvOf = async (path: string, query: Record<string, string | undefined> = {}): Promise<Response> => {
  const response = await fetch(url(path, query), { headers: { accept: 'text/csv' }, credentials: 'same-origin' });
  return response.ok ? response : fail(response);
};

/** Keeps a paper; what it belongs to comes before the file. */
export async function keepPaper(id: string, file: File, fields: Record<string, string> = {}): Promise<Paper> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ id, ...fields })) form.append(name, value);
  form.append('file', file, file.name);
  const response = await fetch(url('/attachments'), { method: 'POST', credentials: 'same-origin', body: form });
  return response.ok ? ((await response.json()) as Paper) : fail(response);
}
