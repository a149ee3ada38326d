import { linkParts, type LinkEndCause } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { type GenealogyGraph, linksOut } from '@/trace/engine';

/** One part of a link as a line of text: link, units, mode, certainty, and both readings of its time. */
type Line = string;

interface Row {
  link_id: number;
  event_id: number;
  input: number;
  output: number;
  mode: 0 | 1;
  certain: boolean;
  from_ms: number | null;
  stated_until_ms: number | null;
  sure_from_ms: number | null;
  sure_until_ms: number | null;
  quantity: string | null;
  cause: LinkEndCause | null;
  end_from: number | null;
  end_until: number | null;
  end_sure_until: number | null;
  end_maybe_until: number | null;
  made: number | null;
}

/** Every link that stands at the position, by one statement that knows nothing of how the product reads them. */
export async function linksInSql(q: Queryable, position: number): Promise<Line[]> {
  const rows = await q.query<Row>(
    `WITH seen AS MATERIALIZED (SELECT batch_id FROM ledger_position WHERE position <= $1),
          voided AS MATERIALIZED (SELECT event_id FROM event_void WHERE batch_id IN (SELECT batch_id FROM seen)),
          ended AS (SELECT DISTINCT ON (link_id) * FROM link_end WHERE batch_id IN (SELECT batch_id FROM seen) ORDER BY link_id, link_end_id DESC),
          made AS (SELECT unit_id, min(at_from) AS at FROM movement WHERE role = 'made' AND batch_id IN (SELECT batch_id FROM seen)
                      AND event_id NOT IN (SELECT event_id FROM voided) GROUP BY unit_id)
     SELECT l.link_id, l.event_id, l.input, l.output, l.mode, l.certain, l.from_ms, l.stated_until_ms, l.sure_from_ms, l.sure_until_ms, l.quantity,
            e.cause, e.from_ms AS end_from, e.until_ms AS end_until, e.sure_until_ms AS end_sure_until, e.maybe_until_ms AS end_maybe_until, m.at AS made
       FROM link l LEFT JOIN ended e ON e.link_id = l.link_id AND l.mode = 1 LEFT JOIN made m ON m.unit_id = l.input
      WHERE l.batch_id IN (SELECT batch_id FROM seen) AND l.event_id NOT IN (SELECT event_id FROM voided)`,
    [position],
  );
  const lines: Line[] = [];
  for (const r of rows) {
    const link = {
      linkId: r.link_id,
      eventId: r.event_id,
      input: r.input,
      output: r.output,
      mode: r.mode,
      certain: r.certain,
      from: r.from_ms,
      statedUntil: r.stated_until_ms,
      sureFrom: r.sure_from_ms,
      sureUntil: r.sure_until_ms,
      quantity: r.quantity,
      slot: null,
      end: r.cause && {
        cause: r.cause,
        from: r.end_from,
        until: r.end_until,
        sureUntil: r.end_sure_until,
        maybeUntil: r.end_maybe_until,
      },
    };
    for (const part of linkParts(link, r.made ?? undefined)) {
      const { certain, from, until, sureFrom, sureUntil } = part;
      lines.push(lineOf([r.link_id, r.input, r.output, r.mode, Number(certain), from, until, sureFrom, sureUntil]));
    }
  }
  return lines.sort();
}

/** Every link of an index's graph. */
export function linksInGraph(graph: GenealogyGraph, unitIdOf: (number: number) => number): Line[] {
  const lines: Line[] = [];
  for (let unit = 0; unit < graph.unitCount; unit++) {
    for (const k of linksOut(graph, unit)) {
      const [input, output] = [unitIdOf(graph.input[k]!), unitIdOf(graph.output[k]!)];
      const times = [graph.from[k]!, graph.until[k]!, graph.sureFrom[k]!, graph.sureUntil[k]!];
      lines.push(lineOf([graph.source[k]!, input, output, graph.mode[k]!, graph.certain[k]!, ...times]));
    }
  }
  return lines.sort();
}

function lineOf(values: readonly number[]): Line {
  return values.join(' ');
}

/** The first few lines that one side has and the other has not. */
export function difference(index: readonly Line[], sql: readonly Line[]): { lost: Line[]; invented: Line[] } {
  const count = new Map<Line, number>();
  for (const line of sql) count.set(line, (count.get(line) ?? 0) + 1);
  const invented: Line[] = [];
  for (const line of index) {
    const left = count.get(line) ?? 0;
    if (left === 0) invented.push(line);
    else if (left === 1) count.delete(line);
    else count.set(line, left - 1);
  }
  return { lost: [...count.keys()].slice(0, 5), invented: invented.slice(0, 5) };
}

/** What many would write: it remembers the greatest id that it has seen, and asks for what is above it. */
export class NaiveCursor {
  private last = 0;
  private readonly seen = new Set<number>();

  constructor(private readonly q: Queryable) {}

  async advance(): Promise<void> {
    const rows = await this.q.query<{ link_id: number }>(
      'SELECT link_id FROM link WHERE link_id > $1 ORDER BY link_id',
      [this.last],
    );
    for (const { link_id } of rows) this.seen.add(link_id);
    this.last = rows.at(-1)?.link_id ?? this.last;
  }

  /** How many links are in the database that it has never seen. */
  async lost(): Promise<{ lost: number; of: number }> {
    const rows = await this.q.query<{ link_id: number }>('SELECT link_id FROM link');
    return { lost: rows.filter(({ link_id }) => !this.seen.has(link_id)).length, of: rows.length };
  }
}
