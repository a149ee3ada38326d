/** Orders, announcements, own attributes, and what live work finds not to be so. */
export const termsErrors = {
  ATTRIBUTE_TYPE: {
    kind: 'unprocessable',
    say: 'The attribute "{attribute}" cannot be "{value}": its definition asks for {expected}.',
  },
  ORDER_UNNAMED: {
    kind: 'unprocessable',
    say: 'An order is named by exactly one of "purchaseOrder" and "salesOrder"; an announcement by one of them or by its "shipment".',
  },
  LATER_FACT: {
    kind: 'conflict',
    say: '{unit} went somewhere at {later}, which is recorded already; this is dated before it, at {at}. If it happened then, send it with check=record; else set the clock right and scan again.',
  },
  NOT_YET: {
    kind: 'conflict',
    say: 'This is dated {at}, which is still to come. Set the clock right and scan again.',
  },
  BEFORE_IT_CAME: {
    kind: 'conflict',
    say: '{unit} came at {made}; this is dated before it, at {at}. If it was there then, record where it came from first; else set the clock right and scan again.',
  },
  NOT_IN_PARENT: {
    kind: 'conflict',
    say: '{unit} is not in {parent}: {actual}. Scan what it comes out of, or record that it went in there first.',
  },
  SPLIT_MORE: {
    kind: 'unprocessable',
    say: '{to} {uom} cannot come out of {from} {uom}. Say how much really went in and came out.',
  },
  NOT_INSTALLED: {
    kind: 'conflict',
    say: '{unit} is not installed in anything: it is {state}. Record its installation first.',
  },
} as const satisfies Record<string, { kind: 'unprocessable' | 'conflict'; say: string }>;
