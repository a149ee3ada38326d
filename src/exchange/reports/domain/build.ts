/** Makes the report from one finished trace: reads each of its lists once, keeps sums and the first rows. */
import type {
  ConsigneeRow,
  Contact,
  CustomerImpact,
  Holding,
  ItemTally,
  Listed,
  Quantity,
  Question,
  ReportLimits,
  ReportModel,
  Shipment,
  Tally,
  TraceReading,
  UnitRow,
} from './model';
import { exposureEnded, REPORT_LIMITS, unitKind } from './model';
import { compareNullLast, compareText, TallyBuilder, TallyMap } from './tally';
import {
  askedSentences,
  compareStates,
  IN_HOUSE,
  gapMeaning,
  reasonMeaning,
  subjectOf,
  summarySentences,
  verdict,
} from './wording';

export interface ReportOptions {
  timeZone: string;
  limits?: ReportLimits;
}

export async function buildReport(reading: TraceReading, options: ReportOptions): Promise<ReportModel> {
  const limits = options.limits ?? REPORT_LIMITS;
  const { head } = reading;
  const suspects = await reading.suspects();
  const hasEnded = (row: UnitRow) => exposureEnded(row, head.question, head.askedAt);
  const units = new UnitTotals(hasEnded);
  const listed = await listFirst(reading.units(), limits.unitsMax, (row) => units.add(row));
  const customers = new CustomerTotals(units.withCustomers, limits);
  for await (const row of reading.consignees()) customers.add(row);
  const excluded = await listFirst(reading.excluded(), limits.excludedMax);
  const gaps = await listFirst(reading.gaps(), limits.gapsMax);
  const receipts = await listFirst(reading.receipts(), limits.receiptsMax);
  const customerList = customers.build();
  const { verdict: word, meaning } = verdict(head.complete, gaps.of);

  const body = {
    question: questionOf(head.question),
    suspects,
    totals: {
      affected: head.counts.affected,
      certain: head.counts.certain,
      possible: head.counts.possible,
      excluded: sum(head.counts.excluded),
      gaps: gaps.of,
      customers: customerList.of,
      shipments: customers.shipments,
    },
    states: units.states(),
    ended: units.ended,
    customers: customerList,
    excluded: {
      ...excluded,
      reasons: entries(head.counts.excluded).map(([reason, n]) => ({
        reason,
        meaning: reasonMeaning(reason, head.question.direction),
        units: n,
      })),
    },
  };
  return {
    title: head.question.direction === 'forward' ? 'Recall impact report' : 'Origin report',
    subject: subjectOf(suspects),
    complete: head.complete,
    verdict: word,
    verdictMeaning: meaning,
    summary: summarySentences(body),
    asked: askedSentences(head.question, suspects),
    trace: {
      id: head.id,
      askedBy: head.askedBy,
      askedAt: head.askedAt,
      ledgerPosition: head.ledgerPosition,
      digest: head.digest,
    },
    timeZone: options.timeZone,
    ...body,
    items: units.items(),
    places: units.places(),
    receipts,
    units: { of: listed.of, listed: listed.listed.map((row) => ({ ...row, ended: hasEnded(row) })) },
    gaps: {
      ...gaps,
      kinds: entries(head.counts.gaps).map(([kind, n]) => ({ kind, meaning: gapMeaning(kind), gaps: n })),
    },
  };
}

/** What was asked, and nothing of how it is stored. */
function questionOf(asked: Question): Question {
  const { direction, at, certainty, barriers, thresholdShare, justification, ledgerPosition } = asked;
  return { direction, at, certainty, barriers, thresholdShare, justification, ledgerPosition };
}

/** Where a unit is now; one that holds nothing still counts once, in its own state. */
export function holdingsOf(row: UnitRow): Holding[] {
  if (row.holdings.length > 0) return row.holdings;
  return [{ state: row.state ?? 'unknown', place: row.place, customer: row.customer, quantity: row.quantity }];
}

/** Sums by item × state, state and place. A unit in several states counts once in each, with the quantity that is there. */
class UnitTotals {
  private readonly byItem = new Map<string, { name: string | null; all: TallyBuilder; states: TallyMap<string> }>();
  private readonly byState = new TallyMap<string>();
  private readonly byPlace = new TallyMap<string | null>();
  /** what is with each customer now */
  readonly withCustomers = new TallyMap<string>();
  readonly ended = { shipped: 0, inHouse: 0 };

  constructor(private readonly hasEnded: (row: UnitRow) => boolean) {}

  add(row: UnitRow): void {
    const holdings = holdingsOf(row);
    let item = this.byItem.get(row.unit.item);
    if (!item) {
      item = { name: row.name, all: new TallyBuilder(), states: new TallyMap() };
      this.byItem.set(row.unit.item, item);
    }
    // A run is a stretch of work or a slot: there is no quantity of it that could be unknown.
    const quantitiesOf = (held: { quantity: Quantity | null }[]) =>
      unitKind(row.unit) === 'run' ? [] : held.map((h) => h.quantity);
    item.all.add(row.certainty, quantitiesOf([row]));
    if (this.hasEnded(row)) {
      if (holdings.some((h) => h.state === 'shipped')) this.ended.shipped++;
      if (holdings.some((h) => IN_HOUSE.includes(h.state))) this.ended.inHouse++;
    }
    for (const [state, held] of groups(holdings, (h) => h.state)) {
      item.states.at(state).add(row.certainty, quantitiesOf(held));
      this.byState.at(state).add(row.certainty, quantitiesOf(held));
    }
    for (const [place, held] of groups(holdings, (h) => h.place)) {
      // What is with a customer, or used up, has no place; it is told by its state.
      if (place !== null) this.byPlace.at(place).add(row.certainty, quantitiesOf(held));
    }
    for (const [customer, held] of groups(holdings, (h) => h.customer))
      if (customer !== null) this.withCustomers.at(customer).add(row.certainty, quantitiesOf(held));
  }

  items(): ItemTally[] {
    return [...this.byItem.entries()]
      .sort(([a], [b]) => compareText(a, b))
      .map(([item, { name, all, states }]) => ({ item, name, ...all.build(), states: withState(states) }));
  }

  states(): (Tally & { state: string })[] {
    return withState(this.byState);
  }

  places(): (Tally & { place: string | null })[] {
    return this.byPlace.build().map(([place, tally]) => ({ place, ...tally }));
  }
}

function withState(map: TallyMap<string>): (Tally & { state: string })[] {
  return map.build(compareStates).map(([state, tally]) => ({ state, ...tally }));
}

interface ShipmentTotals {
  tally: TallyBuilder;
  /** unit → true when it was affected as this shipment left */
  units: Map<string | number, boolean>;
  certain: Set<string | number>;
  /** units of it that were not inside another one */
  outer: Set<string | number>;
  /** the first and the last delivery, by time */
  from: ConsigneeRow;
  until: ConsigneeRow;
}

/** Sums by customer and shipment document. Keeps one small number a unit and shipment, to count each unit once. */
class CustomerTotals {
  private readonly byCustomer = new Map<string, { contact: Contact; shipments: Map<string | null, ShipmentTotals> }>();
  shipments = 0;

  constructor(
    private readonly withCustomers: TallyMap<string>,
    private readonly limits: ReportLimits,
  ) {}

  add(row: ConsigneeRow): void {
    const key = row.customer.partner;
    let customer = this.byCustomer.get(key);
    if (!customer) this.byCustomer.set(key, (customer = { contact: row.customer, shipments: new Map() }));
    let shipment = customer.shipments.get(row.shipment);
    if (!shipment) {
      shipment = {
        tally: new TallyBuilder(),
        units: new Map(),
        certain: new Set(),
        outer: new Set(),
        from: row,
        until: row,
      };
      customer.shipments.set(row.shipment, shipment);
      this.shipments++;
    }
    const unit = compact(row.id);
    const seen = shipment.units.get(unit);
    if (seen === undefined) shipment.tally.add(row.certainty, [row.quantity]);
    else shipment.tally.addQuantity(row.quantity);
    shipment.units.set(unit, (seen ?? false) || row.hit);
    if (row.certainty === 'certain') shipment.certain.add(unit);
    if (row.inside === null) shipment.outer.add(unit);
    if (compareNullLast(row.at, shipment.from.at) < 0) shipment.from = row;
    if (compareNullLast(shipment.until.at, row.at) < 0) shipment.until = row;
  }

  build(): Listed<CustomerImpact> {
    const now = new Map(this.withCustomers.build());
    for (const partner of now.keys())
      if (!this.byCustomer.has(partner))
        this.byCustomer.set(partner, { contact: nobody(partner), shipments: new Map() });
    const all = [...this.byCustomer.entries()].sort(([a], [b]) => compareText(a, b));
    return {
      of: all.length,
      listed: all.slice(0, this.limits.customersMax).map(([partner, { contact, shipments }]) => ({
        customer: contact,
        ...(now.get(partner) ?? new TallyBuilder().build()),
        delivered: delivered([...shipments.values()]),
        shipments: this.listShipments(shipments),
      })),
    };
  }

  private listShipments(shipments: Map<string | null, ShipmentTotals>): Listed<Shipment> {
    const all = [...shipments.entries()].sort(
      ([a, x], [b, y]) => compareNullLast(x.from.at, y.from.at) || compareNullLast(a, b),
    );
    return {
      of: all.length,
      listed: all.slice(0, this.limits.shipmentsPerCustomerMax).map(([shipment, totals]) => ({
        shipment,
        from: totals.from.at,
        until: totals.until.at,
        fromDay: totals.from.day,
        untilDay: totals.until.day,
        ...totals.tally.build(),
        hit: [...totals.units.values()].filter(Boolean).length,
        inside: totals.units.size - totals.outer.size,
      })),
    };
  }
}

function delivered(shipments: ShipmentTotals[]): CustomerImpact['delivered'] {
  const units = new Map<string | number, boolean>();
  const certain = new Set<string | number>();
  const outer = new Set<string | number>();
  const quantities = new TallyBuilder();
  let unknown = 0;
  for (const shipment of shipments) {
    for (const [unit, hit] of shipment.units) units.set(unit, (units.get(unit) ?? false) || hit);
    for (const unit of shipment.certain) certain.add(unit);
    for (const unit of shipment.outer) outer.add(unit);
    const tally = shipment.tally.build();
    for (const quantity of tally.quantities) quantities.addQuantity(quantity);
    unknown += tally.unknown;
  }
  return {
    units: units.size,
    certain: certain.size,
    possible: units.size - certain.size,
    quantities: quantities.build().quantities,
    unknown,
    hit: [...units.values()].filter(Boolean).length,
    inside: units.size - outer.size,
  };
}

function nobody(partner: string): Contact {
  return { partner, name: null, email: null, phone: null, address: null, country: null };
}

/** "u12" → 12: a number takes a fifth of the memory of its text. */
function compact(id: string): string | number {
  return /^u\d{1,9}$/.test(id) ? Number(id.slice(1)) : id;
}

function groups<T, K>(rows: T[], key: (row: T) => K): Map<K, T[]> {
  const map = new Map<K, T[]>();
  for (const row of rows) {
    const group = map.get(key(row));
    if (group) group.push(row);
    else map.set(key(row), [row]);
  }
  return map;
}

async function listFirst<T>(rows: AsyncIterable<T>, max: number, each?: (row: T) => void): Promise<Listed<T>> {
  const listed: T[] = [];
  let of = 0;
  for await (const row of rows) {
    of++;
    if (listed.length < max) listed.push(row);
    each?.(row);
  }
  return { of, listed };
}

function entries(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => compareText(a, b));
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
