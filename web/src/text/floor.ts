/** Words of the floor: works, verdicts, and the queue of what is not yet sent. */
import { n, things } from './words';

export const floorText = {
  title: 'Floor',
  prompt: 'Scan a unit, or a command of the printed sheet',
  back: 'Back to all works',
  chooseWork: 'What do you do?',
  noWorks: 'No work is open to your role.',
  noWorksWhy: 'Ask an administrator for the role of operator.',
  enter: 'Enter',
  enterWaiting: (waiting: number) => `Enter (${n(waiting)} waiting)`,
  last: 'Last scans',
  taken: 'Taken',
  words: { ok: 'OK', warn: 'Look', stop: 'Stop', ask: 'Answer' },
  instructions: 'How to treat it',
  substitutes: 'Take one of these instead:',
  at: (place: string) => `at ${place}`,
  expires: 'expires',
  acknowledge: 'I have read it: go on',
  understood: 'Understood',
  waitingBehind: (waiting: number) =>
    `${things(waiting, 'scan waits', 'scans wait')} behind this and will be taken next.`,
  dropWaiting: 'Forget them',
  keys: (asks: boolean) =>
    asks
      ? 'Tab and Enter answer, Esc cancels; or scan CMD:OK or CMD:CANCEL.'
      : 'Esc or Enter on the button closes this; or scan CMD:OK.',
  tryAgain: 'Scan it again when the connection is back.',
  queued: 'Kept on this computer',
  queuedNext: 'It is sent by itself once the connection is back.',
  works: {
    look: 'What is this?',
    lookWhat: 'Scan anything: what it is, where, on hold or free',
  },
  look: {
    prompt: 'Scan a unit',
    nothing: (code: string) => `Nothing has the code ${code}.`,
    several: (matches: number) => `${n(matches)} units have this code: which one?`,
    held: (reasons: string[]) => `On hold: ${reasons.join('; ')}`,
    heldInside: (unit: string, reason: string) => `On hold inside: ${unit}: ${reason}`,
    heldContent: (held: number, units: number) => `${n(held)} of ${things(units, 'unit')} in it on hold`,
    content: (units: number) => `${things(units, 'unit')} in it`,
    expired: (day: string) => `Expired on ${day}`,
    heldNext: 'Do not use, pack or ship it. Bring it to where held goods are kept.',
    where: (where: string | null, quantity: string | null) => [where, quantity].filter(Boolean).join(' · '),
    isOther: (what: string, name: string) => `${what}: ${name}`,
    open: 'Open its page',
  },
  queue: {
    title: 'Work to be sent',
    none: 'All is sent.',
    offline: 'No connection',
    offlineWhy:
      'What you scan is kept on this computer and sent once and in order when the connection is back. Held goods can be set free only with a connection.',
    states: {
      waiting: 'Waiting',
      sending: 'Sending',
      done: 'Sent',
      refused: 'Refused',
      discarded: 'Discarded',
    },
    by: (who: string) => `by ${who}`,
    tries: (tries: number) => `tried ${things(tries, 'time')}`,
    signIn: (who: string) => `Sign in as ${who} to send it.`,
    sent: (works: number) => `${things(works, 'piece of work', 'pieces of work')} dealt with`,
    record: 'It happened: record it',
    discard: 'Discard',
    why: 'Why is it discarded?',
    tray: (online: boolean, waiting: number, refused: number) =>
      [
        ...(online ? [] : ['offline']),
        ...(waiting > 0 ? [`${n(waiting)} to send`] : []),
        ...(refused > 0 ? [`${n(refused)} refused`] : []),
      ].join(', '),
  },
};
