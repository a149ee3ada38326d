import { changeOrder, mayDo, nextState, OrderState, OrderVerb, TRANSITIONS } from './order-states';

const order = (more: object = {}) => ({
  number: 'WO-1',
  state: 'in-progress' as OrderState,
  quantity: 10n,
  produced: 10n,
  openBuilds: [],
  ...more,
});
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('the states of a work order', () => {
  it('go from planned to closed, and only along the table', () => {
    expect(nextState('WO-1', 'planned', 'release')).toBe('released');
    expect(nextState('WO-1', 'released', 'start')).toBe('in-progress');
    const verbs: OrderVerb[] = ['release', 'start', 'close', 'cancel', 'reopen'];
    for (const state of Object.keys(TRANSITIONS) as OrderState[])
      for (const verb of verbs) {
        const there = TRANSITIONS[state][verb];
        if (there) expect(nextState('WO-1', state, verb)).toBe(there);
        else expect(code(() => nextState('WO-1', state, verb))).toBe('ORDER_STATE');
      }
  });

  it('says what an order can do', () => {
    expect(mayDo('planned')).toEqual(['release', 'cancel']);
    expect(mayDo('closed')).toEqual(['reopen']);
  });

  it('closes a filled order without a word, and a partial one with a reason', () => {
    expect(changeOrder(order(), 'close', undefined)).toBe('closed');
    expect(code(() => changeOrder(order({ produced: 9n }), 'close', undefined))).toBe('ORDER_REASON');
    expect(changeOrder(order({ produced: 9n }), 'close', 'no more frames')).toBe('closed');
  });

  it('does not end what is under way, and cancels nothing that has made something', () => {
    expect(code(() => changeOrder(order({ openBuilds: ['b7'] }), 'close', 'x'))).toBe('ORDER_BUILDS_OPEN');
    expect(code(() => changeOrder(order(), 'cancel', 'x'))).toBe('ORDER_HAS_OUTPUT');
    expect(changeOrder(order({ produced: 0n }), 'cancel', undefined)).toBe('cancelled');
  });

  it('opens again with a reason, to where it was', () => {
    expect(code(() => changeOrder(order({ state: 'closed' }), 'reopen', undefined))).toBe('ORDER_REASON');
    expect(changeOrder(order({ state: 'closed' }), 'reopen', 'two were scrapped')).toBe('in-progress');
    expect(changeOrder(order({ state: 'closed', produced: 0n }), 'reopen', 'closed by mistake')).toBe('released');
    expect(changeOrder(order({ state: 'cancelled', produced: 0n }), 'reopen', 'ordered again')).toBe('planned');
  });
});
