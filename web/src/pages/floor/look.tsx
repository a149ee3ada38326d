/** Scan anything, with the hands full: what it is, where it is, and whether it may be used. */
import { useNavigate } from '@tanstack/react-router';
import { api } from '~/api/client';
import type { ScanMatch } from '~/api/types';
import { warehouse } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { quantityText } from '~/kit/amount';
import { showScan } from '~/kit/keyboard';
import { text } from '~/text';

type Open = (unit: string) => void;

async function unitVerdict(id: string, open: Open): Promise<VerdictData> {
  const unit = await api.unit(id);
  const answers = [{ label: text.floor.look.open, act: async () => (open(id), null) }];
  const stop = (code: string, message: string): VerdictData => ({
    verdict: 'stop',
    code,
    message,
    next: text.floor.look.heldNext,
    unit: unit.unit,
    answers,
  });
  if (unit.holds.length > 0) {
    const reasons = unit.holds.map((hold) => [hold.reason, hold.ref].filter(Boolean).join(' · '));
    return stop('UNIT_ON_HOLD', text.floor.look.held(reasons));
  }
  if (unit.heldInside)
    return stop('UNIT_ON_HOLD', text.floor.look.heldInside(unit.heldInside.unit, unit.heldInside.reason));
  if (unit.expires && Date.parse(unit.expires) <= Date.now())
    return stop('UNIT_EXPIRED', text.floor.look.expired(unit.expires.slice(0, 10)));
  const where = unit.customer ?? unit.place ?? null;
  const state = unit.state ? (text.state[unit.state] ?? unit.state) : text.unit.several(unit.holdings.length);
  return {
    verdict: (unit.gaps ?? []).length > 0 ? 'warn' : 'ok',
    message: [state, text.floor.look.where(where, unit.quantity ? quantityText(unit.quantity) : null)]
      .filter(Boolean)
      .join(' · '),
    ...(unit.gaps?.[0] ? { next: unit.gaps[0].message } : {}),
    unit: unit.unit,
  };
}

export async function lookAt(code: string, open: Open): Promise<VerdictData> {
  const { matches } = await api.scan(code);
  const units = matches.filter((match) => match.type === 'unit');
  const idOf = (match: ScanMatch): string => match.id ?? match.key;
  const [only, second] = units;
  if (only && second) {
    return {
      verdict: 'ask',
      message: text.floor.look.several(units.length),
      answers: units.slice(0, 9).map((match) => ({ label: match.label, act: () => unitVerdict(idOf(match), open) })),
    };
  }
  if (only) return unitVerdict(idOf(only), open);
  const [other] = matches;
  if (other?.type === 'container') {
    const { held, units } = await warehouse.container(other.key);
    const message = held > 0 ? text.floor.look.heldContent(held, units) : text.floor.look.content(units);
    return {
      verdict: held > 0 ? 'stop' : 'ok',
      message: `${other.label} · ${message}`,
      ...(held > 0 ? { code: 'UNIT_ON_HOLD', next: text.floor.look.heldNext } : {}),
    };
  }
  if (other) {
    return {
      verdict: 'ok',
      message: text.floor.look.isOther(text.scan.types[other.type] ?? other.type, other.label),
    };
  }
  return { verdict: 'warn', message: text.floor.look.nothing(showScan(code)) };
}

export function LookPage() {
  const navigate = useNavigate();
  const scans = useScans((code) => lookAt(code, (unit) => void navigate({ to: '/units/$unit', params: { unit } })));
  return <FloorScreen title={text.floor.works.look} prompt={text.floor.look.prompt} scans={scans} />;
}
