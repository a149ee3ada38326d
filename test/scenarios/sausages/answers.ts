import { affected, Certainty, excluded, ExpectedConsignee, ExpectedUnit, Story, utc } from '../story';

/** The hand-worked answers; STORY.md beside this file gives the reasoning, lot by lot. */
const ITEM: Record<string, string> = {
  SP: 'K-PAPRIKA',
  TANK: 'K-BRINE',
  BT: 'K-BATTER',
  RW: 'K-REWORK',
  WI: 'K-WIENER',
  PK: 'K-PORK',
  BF: 'K-BEEF',
  BB: 'K-BRINE-BASE',
  CS: 'K-CASING',
};
const item = (code: string) => ITEM[code.split('-')[0]!]!;
const lot = (code: string, certainty: Certainty, depth: number, from: string | null, until: string | null = null) =>
  affected('lot', item(code), code, certainty, depth, clock(from), clock(until));
const clock = (time: string | null) => time && `2026-03-${time}:00+01:00`;
const before = (...codes: string[]) => codes.map((c) => excluded('lot', item(c), c, 'before-exposure'));
const part = (code: string): ExpectedUnit => ({ kind: 'lot', item: item(code), code, certainty: 'certain' });

const delivered = (
  customer: string,
  shipment: string,
  at: string,
  code: string,
  kg: string,
  hit = true,
  certainty: Certainty = 'certain',
): ExpectedConsignee => ({
  customer,
  shipment,
  at: utc(clock(at))!,
  item: item(code),
  kind: 'lot',
  code,
  hit,
  certainty,
  quantity: { value: kg, uom: 'kg' },
});

const spiceAffected: ExpectedUnit[] = [
  lot('SP-0388', 'certain', 0, null),
  lot('TANK-S1', 'certain', 1, '02T10:00'),
  lot('BT-S2', 'certain', 2, '02T11:00'),
  lot('BT-S3', 'certain', 2, '03T08:00'),
  lot('BT-S4', 'certain', 1, '03T09:00'),
  lot('BT-S6', 'certain', 4, '04T07:00'),
  lot('BT-S7', 'possible', 1, '04T08:00'),
  lot('BT-S8', 'possible', 1, '04T08:00'),
  lot('BT-S9', 'certain', 4, '05T07:00'),
  lot('RW-S1', 'certain', 3, '03T12:00'),
  lot('WI-S2', 'certain', 3, '03T12:00'),
  lot('WI-S3', 'certain', 3, '03T13:00'),
  lot('WI-S4', 'certain', 2, '03T14:00'),
  lot('WI-S6', 'certain', 5, '04T13:00'),
  lot('WI-S7', 'possible', 2, '04T14:00'),
  lot('WI-S8', 'possible', 2, '04T15:00'),
  lot('WI-S9', 'certain', 5, '05T13:00'),
];
const spiceExcluded = before('BT-S1', 'BT-S5', 'RW-S0', 'WI-S1', 'WI-S5');
const spiceDelivered = [
  delivered('SHOP-D', 'DN-S-02', '02T16:00', 'TANK-S1', '5'),
  delivered('SHOP-A', 'DN-S-03', '05T05:00', 'WI-S2', '30'),
  delivered('SHOP-B', 'DN-S-04', '05T05:30', 'WI-S2', '30'),
  delivered('SHOP-C', 'DN-S-05', '05T06:00', 'WI-S3', '95'),
  delivered('SHOP-C', 'DN-S-05', '05T06:00', 'WI-S4', '80'),
  delivered('SHOP-B', 'DN-S-06', '06T05:00', 'WI-S7', '80', true, 'possible'),
  delivered('SHOP-D', 'DN-S-07', '06T05:30', 'WI-S6', '60'),
];
const brineBefore = delivered('SHOP-C', 'DN-S-01', '02T09:00', 'TANK-S1', '10', false);
const spice = { unit: { item: 'K-PAPRIKA', lot: 'SP-0388' } };
const tankWindow = {
  unit: { item: 'K-BRINE', lot: 'TANK-S1' },
  from: '2026-03-02T10:00:00+01:00',
  until: '2026-03-02T14:30:00+01:00',
};
const tankAffected: ExpectedUnit[] = [
  lot('TANK-S1', 'certain', 0, '02T10:00', '02T14:30'),
  lot('BT-S2', 'certain', 1, '02T11:00'),
  lot('RW-S1', 'certain', 2, '03T12:00'),
  lot('WI-S2', 'certain', 2, '03T12:00'),
  lot('BT-S6', 'certain', 3, '04T07:00'),
  lot('BT-S9', 'certain', 3, '05T07:00'),
  lot('WI-S6', 'certain', 4, '04T13:00'),
  lot('WI-S9', 'certain', 4, '05T13:00'),
];
const tankExcluded = [...spiceExcluded, ...before('BT-S3', 'WI-S3')];

export const sausageStoryAnswers: Story = {
  title: 'Spice found contaminated after delivery',
  text: 'test/scenarios/sausages/STORY.md',
  questions: [
    {
      name: 'paprika SP-0388, ever',
      ask: { direction: 'forward', seeds: [spice], at: 'ever' },
      affected: spiceAffected,
      excluded: spiceExcluded,
      consignees: [brineBefore, ...spiceDelivered],
      holdings: {
        'SP-0388': ['in-stock KIT.RM 38 kg'],
        'TANK-S1': ['in-stock KIT.TANK 80 kg', 'shipped SHOP-C 10 kg', 'shipped SHOP-D 5 kg'],
        'RW-S1': ['in-stock KIT.CUT 1 kg'],
        'WI-S2': ['in-stock KIT.COLD 25 kg', 'returned KIT.COLD 10 kg', 'shipped SHOP-A 30 kg', 'shipped SHOP-B 20 kg'],
        'WI-S3': ['shipped SHOP-C 95 kg'],
        'WI-S6': ['in-stock KIT.COLD 20 kg', 'shipped SHOP-D 60 kg'],
        'WI-S8': ['in-stock KIT.COLD 50 kg', 'scrapped 30 kg'],
        'WI-S9': ['in-stock KIT.COLD 80 kg'],
      },
    },
    {
      name: 'paprika SP-0388, at shipment',
      ask: { direction: 'forward', seeds: [spice], at: 'shipment' },
      affected: spiceAffected,
      excluded: spiceExcluded,
      consignees: [brineBefore, ...spiceDelivered],
    },
    {
      name: 'paprika SP-0388, certain only',
      ask: { direction: 'forward', seeds: [spice], certainty: 'certain' },
      affected: spiceAffected.filter((u) => u.certainty === 'certain'),
      excluded: [
        ...spiceExcluded,
        ...['BT-S7', 'BT-S8', 'WI-S7', 'WI-S8'].map((c) => excluded('lot', item(c), c, 'only-possible')),
      ],
    },
    {
      name: 'the tank from 10:00 to 14:30 on 2 March, ever',
      ask: { direction: 'forward', seeds: [tankWindow], at: 'ever' },
      affected: tankAffected,
      excluded: tankExcluded,
      consignees: [
        brineBefore,
        delivered('SHOP-D', 'DN-S-02', '02T16:00', 'TANK-S1', '5', false),
        delivered('SHOP-A', 'DN-S-03', '05T05:00', 'WI-S2', '30'),
        delivered('SHOP-B', 'DN-S-04', '05T05:30', 'WI-S2', '30'),
        delivered('SHOP-D', 'DN-S-07', '06T05:30', 'WI-S6', '60'),
      ],
    },
    {
      name: 'the tank from 10:00 to 14:30 on 2 March, at shipment',
      ask: { direction: 'forward', seeds: [tankWindow], at: 'shipment' },
      affected: tankAffected.filter((u) => u.code !== 'TANK-S1'),
      excluded: [...tankExcluded, excluded('lot', 'K-BRINE', 'TANK-S1', 'removed')],
    },
    {
      name: 'sausages WI-S9, what went into them',
      ask: { direction: 'backward', seeds: [{ unit: { item: 'K-WIENER', lot: 'WI-S9' } }] },
      affected: [
        'WI-S9',
        'CS-S1',
        'BT-S9',
        'PK-S2',
        'BF-S2',
        'RW-S1',
        'BT-S6',
        'BT-S2',
        'PK-S1',
        'BF-S1',
        'TANK-S1',
        'BB-S1',
        'SP-0389',
        'SP-0388',
      ].map(part),
      excluded: before('BB-S2'),
    },
  ],
};
