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
  SIGNATURE_REQUIRED: {
    kind: 'unprocessable',
    say: '"{verb}" is signed: send "signature" with your password, the meaning and the reason.',
  },
  SIGNATURE_NEEDS_PERSON: {
    kind: 'forbidden',
    say: "A signature is a person's own: sign in with your name and password; an API key cannot sign.",
  },
  SIGNATURE_WRONG: {
    kind: 'forbidden',
    say: 'The password is wrong, and nothing was signed; type the password that you sign in with.',
  },
  RECALL_FOUR_EYES: {
    kind: 'conflict',
    say: 'Version {version} of {recall} was saved by you; with four eyes, another person approves it.',
  },
  RECALL_DIGEST: {
    kind: 'conflict',
    say: 'What you saw of {recall} ({seen}) is not what is there now: version {version}, {digest}. Load it again before you sign.',
  },
  RECALL_NOT_CHANGED: {
    kind: 'conflict',
    say: 'There is no changed scope {acknowledge} of {recall} to acknowledge; look at the case again, and initiate it without.',
  },
  RECALL_TRACE: {
    kind: 'unprocessable',
    say: 'The trace of the scope was not answered ({status}): {reason} Mend that and ask again.',
  },
  RECALL_DRILL: { kind: 'conflict', say: '{recall} is a drill: {what}.' },
  RECALL_SWEEP: { kind: 'unprocessable', say: 'There is nothing to sweep for {recall}: {reason}.' },
  RECALL_GOAL: {
    kind: 'unprocessable',
    say: 'The goal "{goal}" of the clock {clock} is not understood: write hours as "4h" or working days as "3d".',
  },
  RECALL_LATE: {
    kind: 'conflict',
    say: '"{field}" of {recall} is fixed once it is {state}: notices and checks hang on it.',
  },
  SCOPE_EMPTY: {
    kind: 'unprocessable',
    say: 'The rules name no unit that the plant knows, so there is nothing to trace; check codes, items and times.',
  },
  SCOPE_TOO_MANY_SEEDS: {
    kind: 'unprocessable',
    say: 'The rules begin with more than {limit} units ({setting}); narrow the time, or begin with what they have in common.',
  },
  SCOPE_SAME: {
    kind: 'conflict',
    say: 'Nothing would change: version {version} of {recall} covers the same units for the same question.',
  },
  WHAT_IF_OLD: {
    kind: 'conflict',
    say: 'Version {version} of {recall} is newer than this what-if: the ledger has moved on. Ask what the scope would be now, and look again.',
  },
  WHAT_IF_NOT_DONE: {
    kind: 'conflict',
    say: 'The what-if is {status}; only what was computed and seen can be saved.',
  },
} as const;
