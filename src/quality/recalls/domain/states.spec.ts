import { nextState, RECALL_STATES, RecallState, verbsFrom } from './states';

it.each<[RecallState, string]>([
  ['draft', 'describe scope withdraw'],
  ['scoped', 'describe scope approve refuse withdraw'],
  ['approved', 'describe scope refuse initiate withdraw'],
  ['initiated', 'describe monitor widen narrow send'],
  ['monitoring', 'describe widen narrow send close'],
  ['closed', ''],
])('a case that is %s allows: %s', (state, verbs) => {
  expect(verbsFrom(state).join(' ')).toBe(verbs);
});

it('leads from draft to closed, and never back over initiation', () => {
  const path = (['scope', 'approve', 'initiate', 'monitor', 'close'] as const).reduce<RecallState[]>(
    (states, verb) => [...states, nextState(states.at(-1)!, verb)!],
    ['draft'],
  );
  expect(path).toEqual([...RECALL_STATES]);
  for (const state of ['initiated', 'monitoring', 'closed'] as const)
    for (const verb of verbsFrom(state))
      expect(RECALL_STATES.indexOf(nextState(state, verb)!)).toBeGreaterThanOrEqual(RECALL_STATES.indexOf(state));
});

it('a new scope takes back what was approved', () => {
  expect(nextState('approved', 'scope')).toBe('scoped');
  expect(nextState('closed', 'scope')).toBeNull();
});
