/** A finished trace made by hand, with codes that spreadsheets and fonts trip over: for the specs of the report's writers. */
import type {
  Certainty,
  ConsigneeRow,
  Contact,
  ExcludedRow,
  GapRow,
  TraceReading,
  UnitRow,
} from '@/exchange/reports/domain/model';

export const AWKWARD_CODES = [
  '0503E000',
  '=1+1',
  '-5',
  '@x',
  '+49',
  "'=q",
  'a"b,c;d',
  'Ωμέγα',
  'Тест-7',
  'žluť',
  '電池\u001D',
];

const DIGEST = '9f2c1b7e5a3d48f60c9be1d27a54f38b6e0d91c25f7a83b4e6d0c1f29a8b7e53';
const T = (day: number, time = '08:15:00.000') => `2026-03-${String(day).padStart(2, '0')}T${time}Z`;

const SHOP: Contact = {
  partner: 'SHOP-1',
  name: 'Épicerie Lafarge',
  email: 'achats@lafarge.example',
  phone: '+33 4 72 00 00 01',
  address: '12 rue de la République, 69002 Lyon',
  country: 'FR',
};
const MARKET: Contact = {
  partner: 'MKT-2',
  name: 'Αγορά Αθήνα',
  email: null,
  phone: null,
  address: null,
  country: 'GR',
};

export interface ExampleSize {
  serials: number;
  complete?: boolean;
}

export function exampleReading({ serials, complete = false }: ExampleSize): TraceReading {
  const certain = (i: number): Certainty => (i % 7 === 3 ? 'possible' : 'certain');
  const possible = Array.from({ length: serials }, (_, i) => certain(i)).filter((c) => c === 'possible').length;
  const gaps: GapRow[] = complete
    ? []
    : [
        {
          kind: 'no-inputs',
          message:
            'PACK-1 lot P-9 was produced without recorded inputs, although its bill of materials has tracked lines.',
          id: 'u9',
          unit: { item: 'PACK-1', lot: 'P-9' },
          event: 'erp-77',
        },
        {
          kind: 'overdrawn',
          message: 'SPICE-7 lot S-77 was drawn by 2 kg more than was there on 2026-03-04.',
          id: 'u1',
          unit: { item: 'SPICE-7', lot: 'S-77' },
          event: null,
        },
      ];
  return {
    head: {
      id: '0198f0a2-7c1e-7b44-9d6f-0f7d5a2b9c11',
      askedBy: 'user:anna',
      askedAt: '2026-03-09T09:30:12.345Z',
      ledgerPosition: 1234,
      digest: DIGEST,
      complete,
      question: {
        direction: 'forward',
        at: 'ever',
        certainty: 'possible',
        barriers: [],
        thresholdShare: null,
        justification: null,
        ledgerPosition: null,
      },
      counts: {
        affected: serials + 1,
        certain: serials + 1 - possible,
        possible,
        excluded: { 'before-exposure': 1 },
        gaps: complete ? {} : { 'no-inputs': 1, overdrawn: 1 },
      },
    },
    suspects: () =>
      Promise.resolve([
        {
          id: 'u1',
          unit: { item: 'SPICE-7', lot: 'S-77' },
          name: 'White pepper, ground',
          origin: 'received',
          from: null,
          until: null,
          makings: [
            {
              event: 'erp-4711',
              type: 'receive',
              at: T(1, '23:00:00.000'),
              coarse: true,
              day: '2026-03-02',
              place: 'LYON.RM.A01',
              quantity: { value: '250', uom: 'kg' },
              supplier: { ...SHOP, partner: 'SUP-3', name: 'Pfeffer & Söhne', email: 'qs@pfeffer.example' },
              supplierLot: '=HYPERLINK("http://x")',
              document: 'PO-88',
              recordedAt: T(2),
              recordedBy: 'key:erp',
            },
          ],
        },
      ]),
    async *units() {
      yield lot();
      for (let i = 0; i < serials; i++) yield serial(i, certain(i));
    },
    async *excluded() {
      const row: ExcludedRow = {
        ...serial(900_000, 'certain'),
        unit: { item: 'PACK-1', serial: 'EARLY-1' },
        exposure: [],
        reason: 'before-exposure',
      };
      yield row;
    },
    async *consignees() {
      for (let i = 0; i < serials; i++) {
        if (i % 2 === 0) continue;
        const row: ConsigneeRow = {
          id: `u${i + 2}`,
          unit: serial(i, 'certain').unit,
          name: 'Merguez 500 g',
          customer: i % 4 === 1 ? SHOP : MARKET,
          shipment: i % 3 === 0 ? 'DN-0042' : 'DN-0043',
          at: T(6),
          day: null,
          quantity: { value: '1', uom: 'pcs' },
          hit: i % 5 !== 0,
          certainty: certain(i),
          inside: null,
        };
        yield row;
      }
    },
    async *receipts() {
      // A forward question has none.
    },
    async *gaps() {
      yield* gaps;
    },
  };
}

function lot(): UnitRow {
  return {
    id: 'u1',
    unit: { item: 'SPICE-7', lot: 'S-77' },
    name: 'White pepper, ground',
    depth: 0,
    certainty: 'certain',
    exposure: [[null, null]],
    amount: { value: '250', uom: 'kg' },
    share: '1',
    quantity: { value: '35.123456789', uom: 'kg' },
    state: null,
    place: null,
    customer: null,
    holdings: [
      { state: 'in-stock', place: 'LYON.RM.A01', customer: null, quantity: { value: '30.123456789', uom: 'kg' } },
      { state: 'in-work', place: 'LYON.MIX', customer: null, quantity: { value: '5', uom: 'kg' } },
    ],
  };
}

function serial(i: number, certainty: Certainty): UnitRow {
  const shipped = i % 2 === 1;
  const customer = shipped ? (i % 4 === 1 ? SHOP.partner : MARKET.partner) : null;
  const holding = {
    state: shipped ? 'shipped' : 'in-stock',
    place: shipped ? null : 'LYON.FG.B02',
    customer,
    quantity: { value: '1', uom: 'pcs' },
  };
  return {
    id: `u${i + 2}`,
    unit: { item: 'PACK-1', serial: AWKWARD_CODES[i] ?? `P${String(i).padStart(6, '0')}` },
    name: 'Merguez 500 g',
    depth: 2,
    certainty,
    exposure: [[T(4, '10:00:00.000'), i % 5 === 0 ? T(5) : null]],
    amount: null,
    share: null,
    quantity: holding.quantity,
    state: holding.state,
    place: holding.place,
    customer,
    holdings: [holding],
  };
}
