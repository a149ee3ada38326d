/** Errors of holds and dispositions. */
export const holdErrors = {
  HOLD_SCOPE: {
    kind: 'unprocessable',
    say: 'Say what to hold by exactly one of "units", "container", "place" or "query".',
  },
  HOLD_SCOPE_EMPTY: {
    kind: 'unprocessable',
    say: 'Nothing in house answers to that, so nothing was held. Check the place or the query.',
  },
  HOLD_SCOPE_CHANGED: {
    kind: 'conflict',
    say: 'It is {units} units now, not the {expected} of the preview; look at the preview again, then send the new number.',
  },
  HOLD_TOO_MANY: {
    kind: 'unprocessable',
    say: 'It would hold {units} units at once, more than {limit} ({setting}); hold by several narrower queries.',
  },
  HOLD_NOT_OPEN: { kind: 'conflict', say: 'No open hold is meant by that; it may have been released already.' },
  HOLD_RELEASE_FORBIDDEN: {
    kind: 'forbidden',
    say: 'Event {event} sets held goods free; your role ({role}) may not do that (holds:release). Ask someone who may.',
  },
  TAKING_BACK_FORBIDDEN: {
    kind: 'forbidden',
    say: 'Event {event} takes back what others plan and answer for; your role ({role}) may not do that ({right}). Ask someone who may.',
  },
  DISPOSITION_NOT_HELD: {
    kind: 'conflict',
    say: '{unit} is not on hold, so nothing is to be decided about it. Place a hold first.',
  },
  DISPOSITION_OPEN: {
    kind: 'conflict',
    say: 'Disposition {disposition} of {unit} is still {state}; finish or withdraw it first.',
  },
  DISPOSITION_STATE: {
    kind: 'conflict',
    say: 'Disposition {disposition} is {state}; only one that is {needed} can be {wanted}.',
  },
  DISPOSITION_FOUR_EYES: {
    kind: 'forbidden',
    say: 'You proposed disposition {disposition} yourself; another person must decide (DISPOSITION_FOUR_EYES).',
  },
  DISPOSITION_FIELD: { kind: 'unprocessable', say: 'A disposition of the kind "{kind}" needs "{field}".' },
  DISPOSITION_PART: {
    kind: 'unprocessable',
    say: 'Only a part of a lot can be named by quantity; {unit} is a {unitKind}.',
  },
  DISPOSITION_SHORT: {
    kind: 'conflict',
    say: 'Of {unit} {there} {uom} are in house in one place; {wanted} {uom} were decided about.',
  },
  DISPOSITION_HELD_OTHERWISE: {
    kind: 'conflict',
    say: '{unit} is also on hold for another reason: {reason}. Have that hold released, or take it into the disposition.',
  },
} as const;
