/** What a serial is recorded to do though by its own record it was gone, or sat in something, then. Pure. */
import { day } from './gap-words';
import type { Gap } from './gaps';
import type { HoldingMovement, HoldingState } from './holding';
import { inOrder, MOVES } from './holdings';
import { SerialFold } from './serial-fold';

const GONE: ReadonlySet<string> = new Set<HoldingState>(['shipped', 'scrapped', 'used']);
/** What is done with a thing that stands by itself, and how it is said. */
const BY_ITSELF: Partial<Record<string, string>> = {
  'moved-in': 'moved',
  packed: 'packed',
  shipped: 'shipped',
  scrapped: 'scrapped',
};

/**
 * Gaps `moved-though-gone`, `installed-though-gone`, `taken-though-installed` and `changed-though-gone`. Every doubt is in favour of the
 * record: where times overlap, the order is one in which it fits, if there is one.
 */
export function goneGaps(name: string, movements: readonly HoldingMovement[]): Gap[] {
  if (!mayContradict(movements)) return [];
  const watch = new Watch(name);
  inOrder(
    movements.filter((m) => MOVES.has(m.role)),
    watch,
  );
  return [...watch.gaps, ...changed(name, movements, watch.stays)];
}

/** Nearly no serial has to be folded: it left after all else, and was built in after it was moved. */
function mayContradict(movements: readonly HoldingMovement[]): boolean {
  const first = (is: (m: HoldingMovement) => boolean): number =>
    movements.reduce((min, m) => (is(m) ? Math.min(min, m.atFrom) : min), Infinity);
  const gone = first((m) => GONE.has(m.role));
  const built = first((m) => m.role === 'installed');
  return movements.some(
    ({ role, atUntil }) =>
      (atUntil > gone && (role === 'moved-in' || role === 'packed' || role === 'installed' || role === 'parent')) ||
      (atUntil > built && BY_ITSELF[role] !== undefined),
  );
}

/** From when on it may have been so: until the next one certainly was. */
interface Stay {
  from: number;
  until: number;
  state: HoldingState;
}

class Watch {
  readonly gaps: Gap[] = [];
  readonly stays: Stay[] = [{ from: -Infinity, until: Infinity, state: 'unknown' }];
  private readonly fold = new SerialFold();

  constructor(private readonly name: string) {}

  fits(m: HoldingMovement): boolean {
    return this.fold.fits(m);
  }

  apply(m: HoldingMovement): void {
    const { state } = this.fold.save();
    this.note(m, state);
    this.fold.apply(m);
    this.stays.at(-1)!.until = m.atUntil;
    this.stays.push({ from: m.atFrom, until: Infinity, state: this.fold.save().state });
  }

  private note({ role, eventId: event, atFrom }: HoldingMovement, was: HoldingState): void {
    const done = BY_ITSELF[role];
    const on = day(atFrom);
    if (done !== undefined && was === 'in-work') {
      const message = `${this.name} was ${done} on ${on}, although by the record it was installed in something then.`;
      this.gaps.push({ kind: 'taken-though-installed', message, event });
    }
    if (!GONE.has(was)) return;
    const by = `although by the record it was ${was} by then.`;
    // That it leaves twice is more drawn than was there.
    if (role === 'moved-in' || role === 'packed')
      this.gaps.push({ kind: 'moved-though-gone', message: `${this.name} was ${done} on ${on}, ${by}`, event });
    if (role === 'installed')
      this.gaps.push({ kind: 'installed-though-gone', message: `${this.name} was installed on ${on}, ${by}`, event });
  }
}

/** Something went into it or came out of it while it was gone, whichever way the times are read. */
function changed(name: string, movements: readonly HoldingMovement[], stays: readonly Stay[]): Gap[] {
  return movements.flatMap(({ role, eventId: event, atFrom, atUntil }): Gap[] => {
    if (role !== 'parent') return [];
    const then = stays.filter((s) => s.from < atUntil && s.until > atFrom);
    if (!then.every((s) => GONE.has(s.state))) return [];
    const message = `Something was put into or taken out of ${name} on ${day(atFrom)}, although by the record it was ${then.at(-1)!.state} by then.`;
    return [{ kind: 'changed-though-gone', message, event }];
  });
}
