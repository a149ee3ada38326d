/** A message, and what became of it. */

export interface Letter {
  /** `<…@…>`; the same at every attempt */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** of the message, as BCP 47 says it */
  language: string;
  attachments: { name: string; mediaType: string; content: Buffer }[];
}

/**
 * - `accepted`: the server has it and answers for it
 * - `refused`: the server will not take it for this recipient, now or later
 * - `later`: it has it not, and may take it another time; `away`: no message would have come through
 * - `unsure`: all of it was handed over and no answer came
 */
export type Delivery =
  { outcome: 'accepted' | 'refused' | 'unsure'; reply: string } | { outcome: 'later'; reply: string; away: boolean };

interface SmtpError extends Error {
  /** ECONNECTION, ETIMEDOUT, EAUTH, EENVELOPE … */
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

const UNAVAILABLE = 421;
/** What the sender or the connection is refused for says nothing about the recipient. */
const ABOUT_THE_MESSAGE = /^(RCPT TO|DATA)$/;

/** What a failed attempt means. `handedOver`: the server had been given the whole message. */
export function deliveryOf(error: SmtpError, handedOver: boolean): Delivery {
  const reply = error.response ?? error.message;
  const { responseCode, command } = error;
  // The server spoke: whatever it had by then, it says that it has not taken it.
  if (responseCode !== undefined && responseCode >= 400) {
    const about = handedOver || ABOUT_THE_MESSAGE.test(command ?? '');
    if (responseCode >= 500 && about && error.code !== 'EAUTH') return { outcome: 'refused', reply };
    return { outcome: 'later', reply, away: responseCode === UNAVAILABLE || !about };
  }
  if (handedOver) return { outcome: 'unsure', reply };
  return { outcome: 'later', reply, away: true };
}
