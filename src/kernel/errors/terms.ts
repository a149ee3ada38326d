/** Orders, announcements and own attributes. */
export const termsErrors = {
  ATTRIBUTE_TYPE: {
    kind: 'unprocessable',
    say: 'The attribute "{attribute}" cannot be "{value}": its definition asks for {expected}.',
  },
  ORDER_UNNAMED: {
    kind: 'unprocessable',
    say: 'An order is named by exactly one of "purchaseOrder" and "salesOrder"; an announcement by one of them or by its "shipment".',
  },
} as const satisfies Record<string, { kind: 'unprocessable'; say: string }>;
