/** Errors of what a recall adds up to: reconciliation, closing, effectiveness checks, drills. */
export const accountErrors = {
  RECALL_UNBALANCED: {
    kind: 'conflict',
    say: 'Case {recall} does not add up yet: {missing}. Account for that first; reconciliation lists it line by line.',
  },
  RECALL_ACCOUNT_CHANGED: {
    kind: 'conflict',
    say: 'What {recall} adds up to has changed since you saw it; look at the reconciliation again, then sign its new digest.',
  },
  SETTLE_NOTHING: {
    kind: 'conflict',
    say: 'Nothing of it is pending with {consignee}, or its quantity is unknown; look at its lines again.',
  },
  CHECK_PERCENT: { kind: 'unprocessable', say: 'The share of consignees that are checked at level {level} {rule}.' },
  CHECK_LEVEL: {
    kind: 'conflict',
    say: 'Case {recall} has no level of effectiveness checks; set "level" (A to E) of the case first.',
  },
  CHECK_DRAWN: {
    kind: 'conflict',
    say: 'The checks of {recall} were drawn already; a second draw needs a "reason", and the first one stays on record.',
  },
  DRILL_NO_LOT: { kind: 'conflict', say: 'There is no lot to drill with: {reason}' },
} as const;
