/** Why a unit must not move on, before anything else is said of it: each reason, since when, and whom to ask. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unitHoldsQuery } from '~/api/holds';
import type { Unit } from '~/api/types';
import { HoldMark } from '~/kit/marks';
import { Notice } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';

export function UnitHolds({ unit }: { unit: Unit }) {
  const held = unit.holds.length > 0;
  const { data } = useQuery({ ...unitHoldsQuery(unit.id), enabled: held });
  if (!held) return null;
  const more = new Map((data?.data ?? []).map((hold) => [hold.id, hold]));
  return (
    <Notice tone="act" title={<HoldMark word={text.unit.onHold(unit.holds.length)} />}>
      <ul className="rows">
        {unit.holds.map((hold) => {
          const known = more.get(hold.id);
          return (
            <li key={hold.id}>
              <strong>{hold.reason}</strong>
              {hold.ref ? <span className="code">{hold.ref}</span> : null}
              <span>
                {text.unit.since} <Time at={hold.at} />
              </span>
              {known ? (
                <>
                  <span>
                    {text.holds.unit.ask} <strong>{known.owner}</strong>
                  </span>
                  <Link to="/holds/$group" params={{ group: known.group }}>
                    {text.holds.unit.decide}
                  </Link>
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
