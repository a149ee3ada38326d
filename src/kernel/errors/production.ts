/** What can be wrong with work orders, builds, loads and rework. */
export const productionErrors = {
  ORDER_EXISTS: { kind: 'conflict', say: 'There is a work order {number} already; choose another number.' },
  ORDER_STATE: {
    kind: 'conflict',
    say: 'Work order {number} is {state}: it cannot {verb}. It can {may}.',
  },
  ORDER_REASON: { kind: 'unprocessable', say: 'To {verb} work order {number}, say why in "reason": {because}' },
  ORDER_BUILDS_OPEN: {
    kind: 'conflict',
    say: 'Work order {number} has builds under way: {builds}. Finish or abandon them first.',
  },
  ORDER_HAS_OUTPUT: {
    kind: 'conflict',
    say: 'Something was made under work order {number} already; close it instead of cancelling it.',
  },
  ORDER_OTHER_KIND: { kind: 'conflict', say: 'Work order {number} is for {kind}; choose one that is for {wanted}.' },
  ORDER_FILLED: {
    kind: 'conflict',
    say: 'Work order {number} is filled: {made} of {quantity} made, {open} under way. Raise its quantity, or use another order.',
  },
  BOM_NONE: {
    kind: 'unprocessable',
    say: 'Item {item} has no BOM revision {revision} at {at}; enter one, or name another revision in the order.',
  },
  BUILD_STATE: { kind: 'conflict', say: 'Build {build} of {unit} is {state}: it cannot {verb}.' },
  BUILD_UNDER_WAY: {
    kind: 'conflict',
    say: '{unit} is being built already, by build {build} at {station}; go on there, or resume it here.',
  },
  BUILD_WRONG_ITEM: { kind: 'unprocessable', say: '{unit} is no {item}, which work order {number} is for.' },
  BUILD_PART_AS_PARENT: {
    kind: 'unprocessable',
    say: '{unit} is a component of {item}, not the {item} that is built. Scan the {item}; where it really bears the same code, enter it as {full}.',
  },
  BUILD_CODE_KNOWN: {
    kind: 'conflict',
    say: '"{scan}" is known already: {unit}. Scan the {item} that is built, or confirm that it bears this code, too.',
  },
  PART_RESERVED: {
    kind: 'conflict',
    say: '{unit} was taken for {parent} by build {build} of work order {order}; take it out there first.',
  },
  PART_SCANNED_TWICE: { kind: 'conflict', say: '{unit} is in this build already.' },
  PART_NOT_ON_BOM: {
    kind: 'unprocessable',
    say: '{item} is on no line of {parent} and no approved substitute; still open: {open}.',
  },
  LINE_FILLED: { kind: 'conflict', say: 'The line of {item} is filled; still open: {open}.' },
  PART_REVISION: {
    kind: 'conflict',
    say: '{unit} is revision {actual}; revision {expected} is in force. Confirm to use it all the same.',
  },
  PART_UNKNOWN: { kind: 'unprocessable', say: 'Nothing has the code "{scan}". Scan again, or receive it first.' },
  PART_AMBIGUOUS: { kind: 'conflict', say: '"{scan}" may be any of {count} units; choose one.' },
  QUANTITY_TOO_MUCH: {
    kind: 'unprocessable',
    say: 'The line of {item} needs {needed} {uom} more, and {given} were given.',
  },
  LINES_OPEN: {
    kind: 'conflict',
    say: 'Not all is built in: {lines}. Work order {number} does not allow to finish so.',
  },
  LINES_OPEN_REASON: {
    kind: 'conflict',
    say: 'Not all is built in: {lines}. Build it in, or say in "reason" why {unit} is finished without.',
  },
  BACKFLUSH_CHOICE: {
    kind: 'conflict',
    say: '{count} lots of {item} may be in it; say how much of each, or that each is possible.',
  },
  RUN_NEEDED: { kind: 'unprocessable', say: '{scan} is no run, feeder or vessel; scan the place of loading first.' },
  NOT_LOADED: { kind: 'conflict', say: '{unit} is not in {parent} at {at}; it holds {holds}.' },
  PARENT_NOT_MADE: { kind: 'conflict', say: '{unit} was never made: rework needs a finished unit.' },
} as const;
