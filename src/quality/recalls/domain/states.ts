/** The states of a case and what leads from one to the next: the table that every verb goes by. Pure. */

export const RECALL_STATES = ['draft', 'scoped', 'approved', 'initiated', 'monitoring', 'closed'] as const;
export type RecallState = (typeof RECALL_STATES)[number];

interface Transition {
  from: readonly RecallState[];
  /** null: the case stays in the state it is in */
  to: RecallState | null;
  /** signed with the password again, a meaning and a reason */
  signed: boolean;
}

const OPEN = ['draft', 'scoped', 'approved', 'initiated', 'monitoring'] as const satisfies RecallState[];
const RUNNING = ['initiated', 'monitoring'] as const satisfies RecallState[];
const BEFORE = ['draft', 'scoped', 'approved'] as const satisfies RecallState[];

export const TRANSITIONS = {
  /** what the case is about: title, product, hazard, class, texts, documents */
  describe: { from: OPEN, to: null, signed: false },
  /** the first version, or another before initiation: what was approved before has to be approved again */
  scope: { from: BEFORE, to: 'scoped', signed: false },
  approve: { from: ['scoped'], to: 'approved', signed: true },
  /** back to whoever prepared it */
  refuse: { from: ['scoped', 'approved'], to: 'scoped', signed: false },
  initiate: { from: ['approved'], to: 'initiated', signed: true },
  /** the first notices are sent, or nobody has any of it */
  monitor: { from: ['initiated'], to: 'monitoring', signed: true },
  /** another version of a running case: by signature, unless the ledger alone brought it */
  widen: { from: RUNNING, to: null, signed: true },
  narrow: { from: RUNNING, to: null, signed: true },
  /** more notices, reminders, escalations */
  send: { from: RUNNING, to: null, signed: true },
  close: { from: ['monitoring'], to: 'closed', signed: true },
  /** opened by mistake, or found to be unfounded before anything was stopped */
  withdraw: { from: BEFORE, to: 'closed', signed: true },
} as const satisfies Record<string, Transition>;

export type RecallVerb = keyof typeof TRANSITIONS;

/** The state that a verb leads to from `state`; null where it is not possible there. */
export function nextState(state: RecallState, verb: RecallVerb): RecallState | null {
  const { from, to }: Transition = TRANSITIONS[verb];
  return from.includes(state) ? (to ?? state) : null;
}

/** The verbs that a state allows, in the order of the table. */
export function verbsFrom(state: RecallState): RecallVerb[] {
  return (Object.keys(TRANSITIONS) as RecallVerb[]).filter((verb) => nextState(state, verb) !== null);
}
