/** Moving without a task: scan what is in the hands, then the place where it goes. A number after a lot is how much of it. */
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
type Taken = { scan: string; label: string; unit: UnitRef | null; quantity: string | null };

export function FloorMovePage() {
  const [taken, setTaken] = useState<Taken[]>([]);

  /** One after the other; the first that is refused stops the rest, which stay in the hands. */
  const put = async (to: string, hands: Taken[], acknowledged: string[]): Promise<VerdictData> => {
    const left = [...hands];
    let worst: VerdictData | null = null;
    while (left[0]) {
      const { scan, quantity } = left[0];
      const said = await warehouse.move({
        scan,
        to,
        ...(quantity ? { quantity } : {}),
        ...(acknowledged.length > 0 ? { acknowledged } : {}),
      });
      if (said.verdict === 'stop' || said.verdict === 'ask') {
        setTaken(left);
        return verdictOf(said, (ids) => put(to, left, [...acknowledged, ...ids]));
      }
      if (said.verdict === 'warn') worst = verdictOf(said, () => Promise.resolve(null));
      left.shift();
    }
    setTaken([]);
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
    if (place && units.length === 0)
      return taken.length === 0 ? { verdict: 'warn', message: words.moveNothing } : put(place.key, taken, []);
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
    if (unit) return take({ scan: code, label: unit.label, unit: unit.unit ?? null, quantity: null });
    const container = await warehouse.container(code).catch(() => null);
    if (!container) return { verdict: 'stop', message: words.unknown(code) };
    return take({
      scan: code,
      label: words.packContent(container.container, container.units),
      unit: null,
      quantity: null,
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
