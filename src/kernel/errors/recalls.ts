/** Errors of recalls and drills. */
export const recallErrors = {
  RECALL_STATE: {
    kind: 'conflict',
    say: 'Case {recall} is {state}; "{verb}" is possible while it is {allowed}.',
  },
  RECALL_CHANGED: {
    kind: 'conflict',
    say: 'Case {recall} was changed meanwhile (revision {revision}, not {expected}); load it again and see whether your change still holds.',
  },
} as const;
