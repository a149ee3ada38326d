/** How far orders and picks are: shape, word and colour together. */
import { Glyph } from '~/kit/marks';
import { text } from '~/text';
import type { OrderState, PickLine } from '~/api/trade';

const orderShapes = { open: ['half', 'work'], done: ['check', 'ok'], closed: ['dash', 'quiet'] } as const;
export function OrderMark({ state }: { state: OrderState }) {
  const [shape, tone] = orderShapes[state];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{text.trade.orders.states[state]}</span>
    </span>
  );
}

const lineShapes = {
  proposed: ['ring', 'work'],
  picked: ['check', 'ok'],
  short: ['triangle', 'warn'],
  released: ['dash', 'quiet'],
  shipped: ['arrow', 'work'],
} as const;
export function PickLineMark({ line }: { line: PickLine }) {
  const [shape, tone] = line.holds.length > 0 ? (['hand', 'act'] as const) : lineShapes[line.state];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{line.holds.length > 0 ? line.holds.join('; ') : text.trade.pick.states[line.state]}</span>
    </span>
  );
}

const decisions = { accept: ['check', 'ok'], hold: ['hand', 'act'], reject: ['cross', 'act'] } as const;
export function DecisionMark({ decision, reason }: { decision: keyof typeof decisions; reason: string | null }) {
  const [shape, tone] = decisions[decision];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>
        {text.trade.receive.decisions[decision]}
        {reason ? `: ${reason}` : ''}
      </span>
    </span>
  );
}
