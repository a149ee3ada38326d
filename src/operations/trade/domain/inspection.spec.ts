import { type InspectionPlan, outcomeOf, planDue } from './inspection';

const plan: InspectionPlan = {
  characteristics: [
    { name: 'viscosity', low: '80', high: '120', uom: 'mPas' },
    { name: 'colour', low: null, high: null, uom: null },
  ],
  skippable: false,
};
const measured = (value: string) => ({ characteristic: 'viscosity', measured: value, result: null });
const colour = (result: 'pass' | 'fail') => ({ characteristic: 'colour', measured: null, result });
const judge = (
  results: Parameters<typeof outcomeOf>[3]['results'],
  more: object = {},
  of: InspectionPlan | null = plan,
) => outcomeOf('PAINT P-1', 'PAINT', of, { results, decision: null, reason: null, skip: null, ...more });

it('accepts what passed at and within its limits', () => {
  for (const value of ['80', '100.5', '120'])
    expect(judge([measured(value), colour('pass')])).toMatchObject({ decision: 'accept', hold: null });
});

it('holds what is outside its limits, failed, or was not looked at', () => {
  expect(judge([measured('120.1'), colour('pass')])).toMatchObject({ hold: 'inspection failed: viscosity' });
  expect(judge([measured('100'), colour('fail')])).toMatchObject({ hold: 'inspection failed: colour' });
  expect(judge([])).toMatchObject({ decision: 'hold', hold: null, pending: ['viscosity', 'colour'] });
  expect(judge([measured('130')])).toMatchObject({ hold: 'inspection failed: viscosity', pending: [] });
});

it('never accepts against its results, nor skips where the plan does not say so', () => {
  const code = (value: string) => expect.objectContaining({ code: value }) as Error;
  expect(() => judge([measured('130'), colour('pass')], { decision: 'accept' })).toThrow(code('INSPECTION_FAILED'));
  expect(() => judge([], { decision: 'accept', skip: 'in a hurry' })).toThrow(code('INSPECTION_INCOMPLETE'));
  expect(() => judge([{ characteristic: 'viscosity', measured: '130', result: 'pass' }])).toThrow(
    code('FIELD_INVALID'),
  );
  expect(judge([], { skip: 'known supplier' }, { ...plan, skippable: true })).toMatchObject({ decision: 'accept' });
});

it('rejects with a reason, and needs one where nothing failed', () => {
  expect(judge([], { decision: 'reject', reason: 'dented' })).toMatchObject({ hold: 'rejected at receipt: dented' });
  expect(() => judge([measured('100'), colour('pass')], { decision: 'hold' })).toThrow(/needs a reason/);
});

it('keeps what was not looked at apart from what else holds the goods', () => {
  expect(judge([measured('100')], { decision: 'hold', reason: 'wet' })).toMatchObject({
    hold: 'wet',
    pending: ['colour'],
  });
});

it('goes on from what passed before', () => {
  expect(judge([colour('pass')], { passed: ['viscosity'] })).toMatchObject({ decision: 'accept', pending: [] });
  expect(judge([], { passed: ['viscosity'] })).toMatchObject({ decision: 'hold', pending: ['colour'] });
  expect(judge([measured('130'), colour('pass')], { passed: ['viscosity'] })).toMatchObject({ decision: 'hold' });
});

it('still asks for what was missing when the plan asks for less, and never skips what no plan lets skip', () => {
  const shorter = planDue({ ...plan, characteristics: [plan.characteristics[0]!] }, ['viscosity', 'colour']);
  expect(judge([measured('100')], {}, shorter)).toMatchObject({ decision: 'hold', pending: ['colour'] });
  expect(judge([], { skip: 'in a hurry' }, planDue(null, ['colour']))).toMatchObject({ pending: ['colour'] });
});
