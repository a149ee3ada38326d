/** What would close a gap: a sentence for a person, and where it can be, the event to fill in and post. Pure. */
import type { UnitKind } from './event-shapes';

/** What is known of the gap, in natural keys. */
export interface OpenGap {
  kind: string;
  unit: { item: string; kind: UnitKind; code: string; uom: string };
  /** the client's id of the event that shows it */
  event: string | null;
  place: string | null;
  parent: { item: string; kind: UnitKind; code: string } | null;
  hold: string | null;
  short: string | null;
  customer: string | null;
}

export interface Closing {
  say: string;
  /** null in a field: to be filled in; null: nothing that could be posted as it is */
  event: Record<string, unknown> | null;
}

type Close = (gap: OpenGap) => Closing;

const named = ({ item, kind, code }: NonNullable<OpenGap['parent']>) => ({ item, [kind]: code });
const amount = ({ unit, short }: OpenGap) => ({ value: short, uom: unit.uom });
const piece = (gap: OpenGap) => (gap.unit.kind === 'serial' ? {} : { quantity: amount(gap) });

/** The event as recorded is wrong, not the world: it is put right by another that takes its place. */
const corrected = ({ event }: OpenGap) => ({ type: 'correct', event, with: null, reason: null });

const released: Close = (gap) => ({
  say: 'If it had been released by then, record that release with its time; if the event names the wrong unit, correct it. Else decide about what it went into: the gap stays.',
  event: gap.hold === null ? null : { type: 'release', at: null, hold: gap.hold, reason: null },
});

const kept: Close = (gap) => ({
  say: 'If its expiry was extended or mistyped, amend it with the reason; if the event names the wrong unit, correct it. Else decide about what it went into: the gap stays.',
  event: { type: 'amend', at: null, unit: named(gap.unit), expires: null, reason: null },
});

const back: Close = (gap) => ({
  say: 'If it had come back by then, record the return, or that it was found, with its time; if the event names the wrong unit, correct it.',
  event: corrected(gap),
});

const came: Close = (gap) => ({
  say: 'Record the receipt, or the return, that is missing; or correct the event that names too much, or the wrong unit.',
  event: { type: 'receive', at: null, place: gap.place, unit: named(gap.unit), ...piece(gap), supplier: null },
});

const CLOSING: Record<string, Close> = {
  'no-origin': (gap) => ({
    say: 'Record where it came from: its receipt with supplier and quantity, its production, or that it was found.',
    event: { type: 'receive', at: null, place: gap.place, unit: named(gap.unit), ...piece(gap), supplier: null },
  }),
  'no-inputs': (gap) =>
    gap.unit.kind === 'lot'
      ? {
          say: 'Record what went in: top it up with each lot that was used, at the time of its production.',
          event: { type: 'top-up', at: null, vessel: named(gap.unit), unit: null, quantity: null },
        }
      : {
          say: 'Record what is in it: install each component, at the time of its production.',
          event: { type: 'install', at: null, parent: named(gap.unit), unit: null, position: null },
        },
  'before-it-existed': (gap) => ({
    say: 'One of the two times is wrong: correct the draw, or the making, with the time it really had.',
    event: corrected(gap),
  }),
  overdrawn: (gap) => ({
    say: 'Record the receipt that is missing, or correct the draw that is too large.',
    event: { type: 'receive', at: null, place: gap.place, unit: named(gap.unit), ...piece(gap), supplier: null },
  }),
  'installed-twice': (gap) => ({
    say: 'Record its removal from where it was before, with the time; or correct the event that names the wrong unit.',
    event: gap.parent && { type: 'remove', at: null, parent: named(gap.parent), unit: named(gap.unit), reason: null },
  }),
  'removed-without-installation': (gap) => ({
    say: 'Record its installation there, with the time; or correct the removal that names the wrong unit.',
    event: gap.parent && { type: 'install', at: null, parent: named(gap.parent), unit: named(gap.unit) },
  }),
  'returned-without-shipment': (gap) => ({
    say: 'Record the shipment with which it left, with the time; or correct the return that names the wrong unit.',
    event: {
      type: 'ship',
      at: null,
      place: gap.place,
      units: [{ unit: named(gap.unit), ...(gap.unit.kind === 'serial' ? {} : { quantity: null }) }],
      customer: gap.customer,
      shipment: null,
    },
  }),
  'returned-more': (gap) => ({
    say: 'Record the shipment to that customer that is missing, with its time; or correct the return that names too much, or the wrong customer.',
    event: {
      type: 'ship',
      at: null,
      place: gap.place,
      units: [{ unit: named(gap.unit), ...piece(gap) }],
      customer: gap.customer,
      shipment: null,
    },
  }),
  'place-unclear': (gap) => ({
    say: 'Correct the event so that it names the place. What is left at each of its places stays unknown until then, or until it is counted there.',
    event: corrected(gap),
  }),
  'place-short': (gap) => ({
    say: 'Record the move that is missing, with its time; or correct the event so that it names the place it was taken from.',
    event: {
      type: 'move',
      at: null,
      unit: named(gap.unit),
      ...(gap.unit.kind === 'serial' ? {} : { quantity: null }),
      from: null,
      to: gap.place,
    },
  }),
  'packed-more': came,
  'moved-more': came,
  'taken-though-gone': came,
  'unloaded-more': (gap) => ({
    say: 'Record the installation or load that is missing, with its time; or correct the removal that names too much.',
    event: corrected(gap),
  }),
  'split-more': (gap) => ({
    say: 'Correct the split or merge with the quantities that it really had.',
    event: corrected(gap),
  }),
  'moved-though-gone': back,
  'installed-though-gone': back,
  'changed-though-gone': back,
  'taken-though-installed': (gap) => ({
    say: 'Record its removal from what it was in, with the time; or correct the event that names the wrong unit.',
    event: { type: 'remove', at: null, parent: null, unit: named(gap.unit), reason: null },
  }),
  'shipped-while-held': released,
  'used-while-held': released,
  'installed-while-held': released,
  'shipped-after-expiry': kept,
  'used-after-expiry': kept,
  'installed-after-expiry': kept,
};

const CORRECT: Close = (gap) => ({
  say: 'Record the fact that is missing, or correct the event that is wrong.',
  event: gap.event === null ? null : corrected(gap),
});

export function closingOf(gap: OpenGap): Closing {
  const closing = (CLOSING[gap.kind] ?? CORRECT)(gap);
  return closing.event?.type === 'correct' && gap.event === null ? { ...closing, event: null } : closing;
}
