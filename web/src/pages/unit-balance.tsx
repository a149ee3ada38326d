/** Where all of a lot went: a sum that adds up, or says by how much it does not and what is not known. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { balanceQuery, blastQuery, doneRun, lotRatingQuery } from '~/api/queries';
import type { Balance, Unit } from '~/api/types';
import { count, decimal } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { ErrorBox, Facts, Loading, Notice, Section } from '~/kit/page';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const words = text.balance;
const isZero = (value: string | null | undefined): boolean =>
  value !== null && value !== undefined && /^-?0*\.?0*$/.test(value);

/** Exact, because a balance that is off by a rounding is off. */
function sum(values: (string | null)[]): string | null {
  let total = 0n;
  for (const value of values) {
    if (value === null) return null;
    const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
    const nanos = BigInt(whole + fraction.padEnd(9, '0').slice(0, 9));
    total += value.startsWith('-') ? -nanos : nanos;
  }
  const digits = (total < 0n ? -total : total).toString().padStart(10, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** `sub`: one part of the line above it, which is counted there. */
type Line = { key: string; what: ReactNode; value: string | null; sub?: boolean };

const OUTPUTS_SHOWN = 200;

function linesOf(balance: Balance): { goneIn: Line[]; goneOut: Line[] } {
  const goneIn = Object.entries(balance.in)
    .filter(([, value]) => !isZero(value))
    .map(([key, value]) => ({ key, what: words.in[key] ?? key, value }));
  const shown = balance.usedIn.slice(0, OUTPUTS_SHOWN);
  const more = balance.usedIn.length - shown.length + (balance.usedInMore?.units ?? 0);
  const goneOut: Line[] = [
    ...(balance.usedIn.length > 0 ? [{ key: 'used', what: words.used, value: balance.usedTotal }] : []),
    ...shown.map((row) => ({
      key: `used ${row.mode} ${row.id}`,
      sub: true,
      what: (
        <>
          <UnitLink id={row.id} unit={row.unit} />{' '}
          {row.mode === 'install' ? <span className="dim">{text.tree.installed}</span> : null}
        </>
      ),
      value: row.quantity,
    })),
    ...(more > 0
      ? [
          {
            key: 'used more',
            sub: true,
            what: <span className="dim">{text.andMore(more)}</span>,
            value: sum([
              ...balance.usedIn.slice(OUTPUTS_SHOWN).map((row) => row.quantity),
              ...(balance.usedInMore ? [balance.usedInMore.quantity] : []),
            ]),
          },
        ]
      : []),
    ...balance.inStock.map((row, index) => ({
      key: `stock ${index}`,
      what: (
        <>
          {words.inStock} <strong>{row.place ?? text.unknown}</strong>
        </>
      ),
      value: row.quantity,
    })),
    ...balance.shipped.map((row, index) => ({
      key: `shipped ${index}`,
      what: (
        <>
          {words.shipped} <strong>{row.customer ?? text.unknown}</strong>
        </>
      ),
      value: row.quantity,
    })),
    ...(isZero(balance.scrapped) ? [] : [{ key: 'scrapped', what: words.scrapped, value: balance.scrapped }]),
    ...(isZero(balance.adjusted) ? [] : [{ key: 'adjusted', what: words.adjusted, value: balance.adjusted }]),
  ];
  if (!isZero(balance.unexplained)) {
    goneOut.push({
      key: 'unexplained',
      what: (
        <span className="mark">
          <Glyph shape="triangle" tone="warn" /> <strong>{words.unexplained}</strong>
        </span>
      ),
      value: balance.unexplained,
    });
  }
  return { goneIn, goneOut };
}

function Value({ value, uom }: { value: string | null; uom: string }) {
  if (value === null) {
    return (
      <span className="mark">
        <Glyph shape="triangle" tone="warn" /> {text.unknown}
      </span>
    );
  }
  return (
    <span className="nowrap num">
      {decimal(value)} <span className="uom">{uom}</span>
    </span>
  );
}

function Part({ title, lines, uom }: { title: string; lines: Line[]; uom: string }) {
  const total = sum(lines.filter((line) => !line.sub).map((line) => line.value));
  return (
    <tbody>
      <tr className="balance-head">
        <th scope="rowgroup">{title}</th>
        <td className="right strong">
          <Value value={total} uom={uom} />
        </td>
      </tr>
      {lines.map((line) => (
        <tr key={line.key}>
          <td className={line.sub ? 'balance-line sub' : 'balance-line'}>{line.what}</td>
          <td className={line.sub ? 'right dim' : 'right'}>
            <Value value={line.value} uom={uom} />
          </td>
        </tr>
      ))}
      {lines.length === 0 ? (
        <tr>
          <td className="balance-line dim">{words.nothing}</td>
          <td />
        </tr>
      ) : null}
    </tbody>
  );
}

export function BalanceTab({ unit }: { unit: Unit }) {
  const query = useQuery(balanceQuery(unit.id));
  if (query.isPending) return <Loading />;
  if (!query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const balance = query.data;
  const { goneIn, goneOut } = linesOf(balance);
  return (
    <div className="balance">
      {balance.unknown.length > 0 ? (
        <Notice
          tone="warn"
          id="balance-unknown"
          title={
            <>
              <Glyph shape="triangle" tone="warn" /> {words.unknown}
            </>
          }
        >
          <ul>
            {balance.unknown.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {balance.balanced && balance.unknown.length === 0 ? (
        <p className="complete-line">
          <Glyph shape="check" tone="ok" /> <strong>{words.balanced}</strong>
        </p>
      ) : null}
      <table className="plain balance-table" aria-label={words.title}>
        <Part title={words.goneIn} lines={goneIn} uom={balance.uom} />
        <Part title={words.goneOut} lines={goneOut} uom={balance.uom} />
      </table>
      <p className="dim small">{text.question.position(count(balance.ledgerPosition))}</p>
    </div>
  );
}

/** What a recall of this lot would touch today, where that was computed. */
export function LotRating({ unit }: { unit: Unit }) {
  const { data: blast } = useQuery(blastQuery);
  const query = useQuery({
    ...lotRatingQuery(doneRun(blast), unit.id, unit.unit.item, unit.unit.lot ?? ''),
    enabled: blast !== undefined,
  });
  if (!query.data) return null;
  const { units, finished, customers } = query.data;
  return (
    <Section title={text.blast.rating} aside={<Link to="/blast-radius">{text.home.all}</Link>}>
      <Facts
        rows={[
          [text.blast.units, count(units)],
          [text.blast.finished, count(finished)],
          [text.counts.customers, count(customers)],
        ]}
      />
    </Section>
  );
}
