/** What can go wrong in buying, receiving, picking, shipping and taking back. */
export const tradeErrors = {
  NUMBER_TAKEN: { kind: 'conflict', say: 'There is a {what} "{number}" already; choose another number.' },
  ORDER_CLOSED: {
    kind: 'conflict',
    say: 'Order {number}, line {line}, is closed: {reason}. Open it again first, or choose another line.',
  },
  ORDER_STARTED: {
    kind: 'conflict',
    say: 'Something of order {number} has come or gone already ({count} units or lots): close it with a reason instead of cancelling it.',
  },
  ORDER_PARTNER: { kind: 'conflict', say: 'Order {number} is with {expected}, not with {partner}.' },
  NOT_ON_ORDER: {
    kind: 'conflict',
    say: 'Item {item} is not on order {number}; check the delivery, or receive it without an order and give the reason.',
  },
  ORDER_LINE_AMBIGUOUS: {
    kind: 'unprocessable',
    say: 'Item {item} is on several lines of order {number} ({lines}); name the line.',
  },
  OVER_DELIVERY: {
    kind: 'conflict',
    say: 'Line {line} of order {number} expects {expected} {uom}; with this it would be {total}, more than the {tolerance} % allowed. Give the reason ("overReason") to take it in.',
  },
  OVER_DELIVERY_REFUSED: {
    kind: 'conflict',
    say: 'Line {line} of order {number} expects {expected} {uom}; with this it would be {total}, more than the {tolerance} % allowed, and over delivery is not taken in here ({setting}).',
  },
  REASON_REQUIRED: { kind: 'unprocessable', say: 'This needs a reason: {why}' },
  INSPECTION_INCOMPLETE: {
    kind: 'unprocessable',
    say: 'The inspection plan of {item} asks for {characteristics}; give the results, or hold it until they are there.',
  },
  INSPECTION_FAILED: {
    kind: 'conflict',
    say: '{unit} failed {characteristics}: it can be held or rejected, not accepted.',
  },
  INSPECTION_NOT_PENDING: {
    kind: 'conflict',
    say: '{unit} waits for no inspection: its results are there already, or its hold for that was taken off.',
  },
  INSPECTION_AMBIGUOUS: {
    kind: 'conflict',
    say: '{unit} came with several receipts that wait for an inspection ({receipts}); say which in "receipt".',
  },
  FILE_TYPE_REFUSED: {
    kind: 'unsupported-type',
    say: 'The file {name} is refused: {reason} Files of these kinds are kept: {expected}.',
  },
  PICK_NOT_OPEN: { kind: 'conflict', say: 'Pick {pick} is {state}; start a new one.' },
  PICK_OTHER_ORDER: {
    kind: 'conflict',
    say: 'Pick {pick} is for order {salesOrder}; ship it for that order, or cancel it and pick anew.',
  },
  RETURN_EXCEEDS: {
    kind: 'conflict',
    say: 'By the record {customer} has {there} of {unit}, and {back} would come back. Check it; to take it in all the same, give the reason ("overReason").',
  },
  NOT_ON_PICK: { kind: 'conflict', say: '{unit} is not wanted by pick {pick}; put it back.' },
  PICK_OTHER_UNIT: {
    kind: 'conflict',
    say: 'The pick proposes {proposed}, not {unit}; take that one, or give the reason.',
  },
  PICK_NAMED_UNIT: { kind: 'conflict', say: 'The order asks for {proposed} by name; {unit} is not that one.' },
  PICK_DONE_ALREADY: { kind: 'conflict', say: '{unit} is picked already.' },
  UNIT_RESERVED: { kind: 'conflict', say: '{unit} is kept back for pick {pick}; take another one.' },
  LIFE_TOO_SHORT: {
    kind: 'conflict',
    say: '{unit} expires on {expires}; {customer} asks for {days} days left.',
  },
  NOTHING_TO_PICK: { kind: 'conflict', say: 'There is nothing left to pick for order {number}: {reason}' },
  SSCC_INVALID: { kind: 'unprocessable', say: '"{sscc}" is no SSCC: it needs 18 digits with a right check digit.' },
  SSCC_PREFIX_MISSING: {
    kind: 'unprocessable',
    say: 'No SSCC can be made without a GS1 company prefix ({setting}); set it, or enter the code of the container.',
  },
  SHIPMENT_EMPTY: { kind: 'unprocessable', say: 'A shipment needs something in it: name picks, units or containers.' },
  VOIDED_ALREADY: { kind: 'conflict', say: '{what} {number} was voided already: {reason}' },
} as const;
