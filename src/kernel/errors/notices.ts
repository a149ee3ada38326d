/** Errors of notices to consignees and their answers. */
export const noticeErrors = {
  MAIL_NOT_CONFIGURED: {
    kind: 'unavailable',
    say: 'No mail can be sent: {missing} is not set. Set it and start again; letters and call lists work without.',
  },
  RECALL_DRILL_SENDS: {
    kind: 'conflict',
    say: '{recall} is a drill: its notices are drafted and counted, and none of them ever leaves. Use "rehearse" to go on.',
  },
  RECALL_NO_DRILL: { kind: 'conflict', say: '{recall} is a recall: its notices are sent, not rehearsed.' },
  NOTICES_CHANGED: {
    kind: 'conflict',
    say: 'It is {notices} notices now, not the {expected} that you saw; look at them again, then send the new number.',
  },
  NOTICES_NONE: { kind: 'conflict', say: 'Case {recall} has nothing to send: {reason}' },
  NOTICE_POINTS_MISSING: {
    kind: 'unprocessable',
    say: 'The text lacks what it is asked to say: {points}. Complete it, or name each of them in the reason of your signature.',
  },
  NOTICE_FIELD_UNKNOWN: {
    kind: 'unprocessable',
    say: 'The text uses fields that do not exist: {fields}. There are {known}.',
  },
  NOTICE_STATE: {
    kind: 'conflict',
    say: 'Notice {notice} of {recall} is {state}; this is possible while it is {allowed}.',
  },
  NOTICE_NO_ADDRESS: {
    kind: 'conflict',
    say: 'There is no e-mail address of {consignee} on record; add one, or post the letter.',
  },
  NOTICE_MAY_HAVE_ARRIVED: {
    kind: 'conflict',
    say: 'Notice {notice} of {recall} may have arrived. Ask first; then send it with "maybeTwice": true, or mark it as done.',
  },
  ANSWER_EMPTY: {
    kind: 'unprocessable',
    say: 'The answer says nothing: name lines, or say in "rest" what became of all of them.',
  },
  ANSWER_LINE: { kind: 'unprocessable', say: '"{line}" is none of your lines; load the page again.' },
  ANSWER_FILES: { kind: 'conflict', say: 'You have sent {limit} files already; reach us by phone or e-mail for more.' },
} as const;
