/**
 * What each record of the sample of published enforcement reports names, read by a person. In the order of the file. `lots` has the
 * codes in the order written, `every` says that each text of a shape in the record is one (long lists), `ranges` as "from..to".
 * A record with `judged` can be read in another way too: whoever reads it must say so.
 */
interface Expected {
  lots?: string;
  every?: RegExp;
  ranges?: string;
  all?: true;
  judged?: true;
}

const NOTHING: Expected = {};
const UNITS_10: Expected = { every: /\b\d{10}\b/g };
const OSCN: Expected = { every: /\d{6}O[SD]CN/g };

export const EXPECTED: Expected[] = [
  { ranges: '00112..10412', judged: true }, // days of 2012 by the dates beside them
  { lots: '030813' },
  { lots: '0201111' },
  { every: /\b\d{8}\b/g },
  { ranges: '051012..051812', judged: true }, // days of May 2012 by the dates beside them
  NOTHING, // all with dates between two days
  { lots: 'TFRS 130B 1503 KT34, TFRS 130B 1803 KT34, TFRS130B16', judged: true },
  { lots: '439605-01, 439605-02' },
  { lots: '5604' },
  { all: true },
  NOTHING, // dates
  NOTHING, // dates
  { lots: '1742', judged: true }, // "Code"
  NOTHING, // dates
  NOTHING, // the field is missing
  { lots: 'TE1Y261' },
  { lots: '90A024, 90A026, 90A028' },
  { lots: '8D1082, 8D1151' },
  { lots: '467061, 487551, 507521, 548051, 132171, 136571, 140181' },
  { lots: 'BJ3186, BJ3142' },
  { every: /LF\d{5}C/g },
  { lots: '006LT46267' },
  { every: /\d{3}[LK][XY]\d{5}/g },
  { lots: '0886922' },
  { lots: '50LH83179' },
  { lots: '16GS36753, 16KS02281', judged: true }, // a line break is missing: "16KS022812) and 3)"
  { lots: '07DTXA8519' },
  { lots: '7863597, 4878986, 4586584, 4575102, 4867155, 4861584, 4019737, W091009112468, 4631096' },
  { lots: '1689233' },
  { lots: '42S18958' },
  UNITS_10,
  UNITS_10,
  UNITS_10,
  { lots: '4010190528, 4010188565' },
  UNITS_10,
  UNITS_10,
  { lots: '16GQ40718' },
  UNITS_10,
  OSCN,
  OSCN,
  OSCN,
  { lots: 'GX88148, GX82353' },
  { every: /\b\d{7}\b/g },
  { lots: '2916514, 2838008, 1687108, 2852946, 2819826' },
  { lots: '50LS07292' },
  { lots: '50V08131' },
  { every: /07MOH[HG]\d{4}/g },
  { lots: '006LT46267' },
  { lots: 'FM52056, FM52055, FM52053, FM52052, FM46818, FM14997, FM14996' },
  { lots: '50LH83179' },
  { lots: '16KS02281' },
  { lots: '05DTXD5563' },
  { every: /ST\d{7}/g },
  { lots: '1305964' },
  { lots: '1306110' },
  { lots: '042Y49061, 042Y49062, 042Y49063, 042Y49064' },
  OSCN,
  { ...OSCN, judged: true }, // a comma is missing
  OSCN,
  { lots: '21LG64602' },
  { lots: 'CZ017371' },
  { lots: '50LS07292' },
  { lots: '50V08131' },
  { every: /\b\d\d-\d{3}-(?:BN|BB|9D)\b/g, judged: true }, // a table without headings: product, lot, date
  { lots: '214117, 216117, 217117, 227117, 227118, 228117' },
  { lots: '6110100', ranges: '07110002..07110009, 07110010..07110016, 8110001..8110008' },
  NOTHING, // versions of a program
  { lots: '0312200152' },
  NOTHING, // catalogue numbers and names of products
  { lots: '40041, 40043' },
  { every: /\b\d{8}\b/g, judged: true }, // "all lots … including but not limited to"
  { lots: '0BMHX, 0BTP7, 0BTP6, 0BTPB' },
];
