import type { Columns } from '@/platform/http';
import type { ChangeView, StandView } from '../queries/compare';
import type { ConsigneeView, ExcludedUnitView, GapView, TraceUnitView } from '../queries/views';

const kindOf = (unit: object) => ('lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run');
const codeOf = (unit: object) => Object.entries(unit).find(([key]) => key !== 'item')![1] as string;

const exposureText = (exposure: readonly [string | null, string | null][]) =>
  exposure.map(([from, until]) => `${from ?? '..'}/${until ?? '..'}`).join(' ');

const UNIT_COLUMNS: Columns<TraceUnitView> = {
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  certainty: (r) => r.certainty,
  depth: (r) => r.depth,
  exposure: (r) => exposureText(r.exposure),
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  amount: (r) => ({ decimal: r.amount?.value ?? null }),
  share: (r) => ({ decimal: r.share }),
  state: (r) => r.state,
  place: (r) => r.place,
  customer: (r) => r.customer,
  holdings: (r) =>
    r.holdings.length < 2
      ? null
      : r.holdings
          .map((h) =>
            [h.state, h.place, h.customer, h.quantity && `${h.quantity.value} ${h.quantity.uom}`]
              .filter(Boolean)
              .join(' '),
          )
          .join('; '),
  made: (r) => r.made,
  id: (r) => r.id,
};

export const AFFECTED_COLUMNS = UNIT_COLUMNS;
export const EXCLUDED_COLUMNS: Columns<ExcludedUnitView> = { reason: (r) => r.reason, ...UNIT_COLUMNS };

export const GAP_COLUMNS: Columns<GapView> = {
  kind: (r) => r.kind,
  message: (r) => r.message,
  item: (r) => r.unit?.item ?? null,
  unit_kind: (r) => (r.unit ? kindOf(r.unit) : null),
  code: (r) => (r.unit ? codeOf(r.unit) : null),
  event: (r) => r.event,
  id: (r) => r.id,
};

const standText = (stand: StandView | null) =>
  stand === null ? 'not reached' : stand.affected ? `affected (${stand.certainty})` : `excluded (${stand.reason})`;

export const CHANGE_COLUMNS: Columns<ChangeView> = {
  change: (r) => r.change,
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  before: (r) => standText(r.before),
  after: (r) => standText(r.after),
  exposure_before: (r) => r.before && exposureText(r.before.exposure),
  exposure_after: (r) => r.after && exposureText(r.after.exposure),
  reason: (r) => r.reason,
  sentence: (r) => r.sentence,
  id: (r) => r.id,
};

export const CONSIGNEE_COLUMNS: Columns<ConsigneeView> = {
  customer: (r) => r.customer.partner,
  customer_name: (r) => r.customer.name,
  email: (r) => r.customer.email,
  phone: (r) => r.customer.phone,
  address: (r) => r.customer.address,
  country: (r) => r.customer.country,
  shipment: (r) => r.shipment,
  at: (r) => r.at,
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  affected_at_shipment: (r) => (r.hit ? 'yes' : 'no'),
  certainty: (r) => r.certainty,
  inside: (r) => (r.inside ? `${r.inside.unit.item} ${codeOf(r.inside.unit)}` : null),
  id: (r) => r.id,
};
