import { builtIn, BUILT_IN_TEXTS } from './built-in';
import { type CheckedCase, checklist, unnamed } from './checklist';
import { type NoticeText, unknownFields } from './template';

const about = (more: Partial<CheckedCase> = {}): CheckedCase => ({
  class: 'I',
  depth: 'retail',
  language: 'en',
  answerPage: true,
  languagesMissing: [],
  fields: {
    case: 'R1',
    product: 'Sausage 200 g',
    reason: 'Listeria was found.',
    hazard: 'It can make people gravely ill.',
    doWhat: 'Destroy it and send us the certificate.',
    contactName: 'Anna',
    contactPhone: '+33 1 23',
    consignee: 'Shop',
    date: '2026-03-01',
  },
  ...more,
});
const missing = (jurisdiction: string, text: NoticeText, with_: CheckedCase = about()) =>
  checklist(jurisdiction, text, with_)
    .filter((one) => !one.ok)
    .map((one) => one.point);
const us = builtIn('US-FDA', 'en');

describe('the checklist of a notice', () => {
  it('is met by the text of the US as soon as the case says what it is about', () => {
    expect(missing('US-FDA', us)).toEqual([]);
  });

  it('finds in the texts of the EU what only people can fill in', () => {
    for (const language of ['en', 'de', 'fr'])
      expect(missing('EU-GPSR', builtIn('EU-GPSR', language), about({ language }))).toEqual([
        'eu-picture',
        'eu-remedy',
      ]);
  });

  it.each([
    ['reason', 'us-reason'],
    ['hazard', 'us-reason'],
    ['doWhat', 'us-instructions'],
    ['product', 'us-identify'],
  ] as const)('misses what the case does not say: %s', (field, point) => {
    const fields = { ...about().fields, [field]: '' };
    expect(missing('US-FDA', us, about({ fields }))).toEqual([point]);
  });

  it('misses a section that was taken out, whatever the others are called', () => {
    const body = us.body.replace(/## Stop now \{#stop\}\n.*\n/, '').replace('## Why {#reason}', '## Cause {#reason}');
    expect(missing('US-FDA', { ...us, body })).toEqual(['us-stop']);
  });

  it('wants URGENT in class I and II, and also where no class is set yet', () => {
    const calm = { subject: us.subject.replace('URGENT: ', ''), body: us.body.replace('URGENT: ', '') };
    expect(missing('US-FDA', calm, about({ class: null }))).toEqual(['us-urgent']);
    expect(missing('US-FDA', calm, about({ class: 'III' }))).toEqual([]);
  });

  it('wants a way to answer: a page, or somebody to reach', () => {
    const fields = { ...about().fields, contactPhone: '' };
    expect(missing('US-FDA', us, about({ fields, answerPage: false }))).toEqual(['us-reply']);
    expect(missing('US-FDA', us, about({ fields }))).toEqual([]);
  });

  it.each([
    ['en', 'This is a voluntary measure.'],
    ['de', 'Wir rufen vorsorglich zurück.'],
    ['fr', 'Il s’agit d’une mesure de précaution.'],
  ])('finds in %s what makes the hazard look smaller', (language, hazard) => {
    const fields = { ...about().fields, hazard };
    expect(missing('EU-GPSR', builtIn('EU-GPSR', language), about({ language, fields }))).toContain('eu-hazard');
  });

  it('wants the very words of the headline in the EU, and a text in each language', () => {
    const text = builtIn('EU-GPSR', 'de');
    const other = { ...text, body: text.body.replace('# Produktsicherheitsrückruf', '# Wichtige Information') };
    expect(missing('EU-GPSR', other, about({ language: 'de', languagesMissing: ['fr'] }))).toEqual([
      'eu-language',
      'eu-headline',
      'eu-picture',
      'eu-remedy',
    ]);
  });

  it('lets pass what the reason of a signature names, and that alone', () => {
    const points = checklist('EU-GPSR', builtIn('EU-GPSR', 'en'), about());
    expect(unnamed(points, 'There is no picture yet (eu-picture).')).toEqual(['eu-remedy']);
    expect(unnamed(points, 'EU-PICTURE and eu-remedy follow tomorrow')).toEqual([]);
  });

  it('has texts that use known fields alone', () => {
    expect(BUILT_IN_TEXTS.flatMap(unknownFields)).toEqual([]);
    expect(unknownFields({ subject: '{{prodct}}', body: '{{ lines }}' })).toEqual(['prodct']);
  });
});
