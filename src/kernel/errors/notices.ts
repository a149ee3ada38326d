/** Errors of notices to consignees and their answers. */
export const noticeErrors = {
  MAIL_NOT_CONFIGURED: {
    kind: 'unavailable',
    say: 'No mail can be sent: {missing} is not set. Set it and start again; letters and call lists work without.',
  },
} as const;
