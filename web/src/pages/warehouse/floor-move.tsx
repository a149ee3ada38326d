/**
 * Moving without a task: scan what is in the hands, then the place where it goes. A number after a lot is how much of it; a place that
 * is scanned before anything is where one stands, and so where a lot is taken from that is in several.
 */
import { useState } from 'react';
import { api } from '~/api/client';
import type { UnitRef } from '~/api/types';
import { warehouse } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { UnitText } from '~/kit/unit';
import { text } from '~/text';
import { verdictOf } from './said';
import './warehouse.css';

const words = text.warehouse.floor;
const NUMBER = /^\d+(?:[.,]\d+)?$/;
type Taken = { scan: string; label: string; unit: UnitRef | null; quantity: string | null; from: string | null };

export function FloorMovePage() {
  const [taken, setTaken] = useState<Taken[]>([]);
  const [here, setHere] = useState<string | null>(null);
  /** where it goes, while it has to be said first where it comes from */
  const [target, setTarget] = useState<string | null>(null);

  /** One after the other; the first that is refused stops the rest, which stay in the hands. */
  const put = async (to: string, hands: Taken[], acknowledged: string[]): Promise<VerdictData> => {
    const left = [...hands];
    let worst: VerdictData | null = null;
    while (left[0]) {
      const { scan, quantity, from } = left[0];
      const said = await warehouse.move({
        scan,
        to,
        ...(quantity ? { quantity } : {}),
        ...(from ? { from } : {}),
        ...(acknowledged.length > 0 ? { acknowledged } : {}),
      });
      if (said.verdict === 'stop' || said.verdict === 'ask') {
        setTaken(left);
        if (said.code === 'MOVE_FROM') {
          setTarget(to);
          return { ...verdictOf(said, () => Promise.resolve(null)), verdict: 'warn', next: words.moveFrom };
        }
        return verdictOf(said, (ids) => put(to, left, [...acknowledged, ...ids]));
      }
      if (said.verdict === 'warn') worst = verdictOf(said, () => Promise.resolve(null));
      left.shift();
    }
    setTaken([]);
    setHere(null);
    return worst ?? { verdict: 'ok', message: words.moved(hands.length, to) };
  };

  const scans = useScans(async (code) => {
    const last = taken.at(-1);
    if (last?.unit?.lot !== undefined && NUMBER.test(code)) {
      const quantity = code.replace(',', '.');
      setTaken([...taken.slice(0, -1), { ...last, quantity }]);
      return { verdict: 'ok', message: words.moveQuantity(last.label, quantity), next: words.moveNext };
    }
    const { matches } = await api.scan(code);
    const units = matches.filter((match) => match.type === 'unit');
    const place = matches.find((match) => match.type === 'place');
    if (place && units.length === 0) {
      if (taken.length === 0) {
        setHere(place.key);
        return { verdict: 'ok', message: words.moveHere(place.key), next: words.moveWhat };
      }
      setTarget(null);
      const [first, ...rest] = taken;
      return target === null ? put(place.key, taken, []) : put(target, [{ ...first!, from: place.key }, ...rest], []);
    }
    const take = (one: Taken): VerdictData => {
      setTaken((was) => [...was.filter((other) => other.scan !== one.scan), one]);
      return {
        verdict: 'ok',
        message: words.moveTaken(one.label),
        next: words.moveNext,
        ...(one.unit ? { unit: one.unit } : {}),
      };
    };
    const [unit] = units;
    if (unit) return take({ scan: code, label: unit.label, unit: unit.unit ?? null, quantity: null, from: here });
    const container = await warehouse.container(code).catch(() => null);
    if (!container) return { verdict: 'stop', message: words.unknown(code) };
    return take({
      scan: code,
      label: words.packContent(container.container, container.units),
      unit: null,
      quantity: null,
      from: null,
    });
  });
  return (
    <FloorScreen title={words.move} prompt={words.movePrompt(taken.length)} scans={scans}>
      {taken.length > 0 ? (
        <section aria-label={words.moveList}>
          <h2>{words.moveList}</h2>
          <ul className="floor-lines" data-testid="hands">
            {taken.map((one) => (
              <li key={one.scan}>
                {one.unit ? <UnitText unit={one.unit} /> : one.label} {one.quantity}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </FloorScreen>
  );
}
