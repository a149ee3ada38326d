/** bench/RESULTS.md: everything in it was measured or read from the machine in this run. */
import { TITLES } from './goals/question.mjs';
import { OURS } from './goals/traversal.mjs';

const GOALS = {
  1: { text: 'Traversal of a warm index against the recursive CTE', atLeast: 80 },
  2: {
    text: 'Question to durable, pageable answer with counts against `INSERT … WITH RECURSIVE` and the same counts',
    atLeast: 10,
  },
  3: { text: 'Engine’s time per reached unit against an independent gather per unit', atMost: 1.5 },
  4: { text: 'Time-respecting with certainty against plain breadth-first search', atMost: 2.2 },
  5: { text: 'A million randomized transactions: index = SQL at the same position, the naive cursor loses some' },
  6: {
    text: 'Cold start of the index against binary COPY of the same rows to nowhere; bytes a link and direction',
    atMost: 3,
  },
  8: { text: 'Bulk import, every check made, against COPY of the same rows into the same keys and indexes', atMost: 3 },
};
const BYTES_MAX = 12;

export function report(r) {
  return [
    ...head(r),
    ...goals(r),
    ...walks(r),
    ...question(r),
    ...coldStart(r),
    ...bulk(r),
    ...search(r),
    ...floor(r),
    ...consistency(r),
    ...scale(r),
    '',
  ].join('\n');
}

function head({ machine: m, size, turns, seed, wide, minutes, commit }) {
  return [
    '# Results of `npm run bench`',
    '',
    `Written by the run itself (${commit ? `at ${commit}, ` : ''}\`--size ${size} --seed ${seed} --turns ${turns}\`, ${minutes} minutes).`,
    `Medians of ${turns} turns after one to warm up; the peers and we take turns in one process group.`,
    '',
    `| machine | |`,
    `| --- | --- |`,
    `| processor | ${m.cpu}, ${m.cores} cores |`,
    `| memory | ${m.memory} |`,
    `| system | ${m.system} |`,
    `| Node | ${m.node} |`,
    `| PostgreSQL | ${m.postgres ?? '–'} |`,
    '',
    ...(wide
      ? [
          `The wide plant: ${whole(wide.units)} units, ${whole(wide.links)} links in ${whole(wide.batches)} ledger positions, and a line of 2,000 levels.`,
        ]
      : []),
    ...(size === 'full'
      ? []
      : ['', `**Not the full size:** the goals are set for the plant that \`--size full\` makes.`]),
    '',
  ];
}

// ------------------------------------------------------------ goals

function goals(r) {
  const lines = ['## Goals', '', '| | goal | wanted | measured | |', '| --- | --- | --- | --- | --- |'];
  for (const [number, goal] of Object.entries(GOALS)) {
    const found = measured[number](r);
    const wanted = goal.atLeast ? `≥ ${goal.atLeast}` : goal.atMost ? `≤ ${goal.atMost}` : 'none lost';
    lines.push(
      `| ${number} | ${goal.text} | ${found?.wanted ?? wanted} | ${found?.text ?? 'not measured in this run'} | ${verdict(goal, found)} |`,
    );
  }
  return [...lines, '', 'Goal 7 (suspects) comes with suspects.', ''];
}

function verdict({ atLeast, atMost }, found) {
  if (found === undefined) return '–';
  const reached = found.reached ?? (atLeast ? found.value >= atLeast : found.value <= atMost);
  return reached ? 'reached' : 'not reached';
}

const measured = {
  1: ({ walks }) => walks && both(walks.wide, (ours) => row(walks.wide, CTE).median / ours),
  2: ({ question }) => question && ratio(row(question, TITLES.peer).median / row(question, TITLES.ours).median),
  3: ({ walks }) => walks && both(walks.wide, (ours) => ours / row(walks.wide, OURS.gather).median),
  4: ({ walks }) => walks && ratio(row(walks.wide, OURS.trace).median / row(walks.wide, OURS.search).median),
  5: ({ consistency: c }) =>
    c && {
      reached: c.lostByIndex === 0 && c.lostByCursor > 0,
      text: `${whole(c.transactions)} transactions: the index ${c.lostByIndex}, the cursor ${whole(c.lostByCursor)} of ${whole(c.links)} links`,
    },
  6: ({ coldStart: c }) =>
    c && {
      reached: c.ms / c.copyMs <= GOALS[6].atMost && c.bytes.perLinkAndDirection <= BYTES_MAX,
      wanted: `≤ ${GOALS[6].atMost}; ≤ ${BYTES_MAX} bytes`,
      text: `${fixed(c.ms / c.copyMs, 2)}; ${fixed(c.bytes.perLinkAndDirection, 1)} bytes`,
    },
  8: ({ bulk: b }) => b && ratio(b.ms / b.copyMs),
};

const CTE = 'PostgreSQL, recursive CTE over the ledger’s link table';

/** What the product does counts: the whole walk. Beside it, what a search that asks for no more than the peers do would reach. */
function both(walk, of) {
  const whole = ratio(of(row(walk, OURS.trace).median));
  const plain = ratio(of(row(walk, OURS.search).median));
  return { ...whole, text: `${whole.text} for the whole walk (plain search: ${plain.text})` };
}

function ratio(value) {
  return Number.isFinite(value) ? { value, text: fixed(value, value < 10 ? 2 : 1) } : undefined;
}

function row({ rows }, name) {
  return rows.find((r) => r.name === name) ?? { median: Number.NaN };
}

// ------------------------------------------------------------ tables

function walks({ walks: w, wide }) {
  if (!w) return [];
  const lines = ['## The walk', ''];
  for (const [name, title] of [
    ['wide', 'Wide'],
    ['small', 'Small'],
    ['deep', 'Deep (2,000 levels)'],
  ]) {
    const { reached, certain, rows } = w[name];
    lines.push(`### ${title}: ${whole(reached)} units of ${whole(wide.units)} (${whole(certain)} for certain)`, '');
    lines.push('| | median ms | times ours | ns a unit | the same set |', '| --- | ---: | ---: | ---: | --- |');
    const ours = row(w[name], OURS.trace).median;
    for (const r of rows) {
      const same = r.same === undefined ? 'ours' : 'yes';
      if (r.problem) lines.push(`| ${r.name} | – | – | – | ${r.problem} |`);
      else
        lines.push(
          `| ${r.name} | ${ms(r.median)} | ${fixed(r.median / ours, 1)} | ${fixed((r.median * 1e6) / reached, 1)} | ${same} |`,
        );
    }
    lines.push('');
  }
  lines.push(
    `The independent reads of the wide question go over ${whole(w.wide.gatherBytes / 2 ** 20)} MB, as much as the graph’s arrays take.`,
    '',
    `Peers: ${Object.entries(w.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join('; ')}.`,
    '',
  );
  return lines;
}

function question({ question: q }) {
  return q ? ['## Question to counts (wide)', '', ...questionTable(q)] : [];
}

function questionTable(q) {
  const lines = ['| | median ms | units |', '| --- | ---: | ---: |'];
  for (const r of q.rows) lines.push(`| ${r.name} | ${r.problem ?? ms(r.median)} | ${whole(r.count ?? 0)} |`);
  if (q.untilAmounts)
    lines.push(`| (Unitrail, until the amount and share of every unit are there) | ${ms(q.untilAmounts)} | |`);
  return [...lines, '', `Answered from: ${q.source ?? 'sql'}. The peer’s counts by item are the same.`, ''];
}

function coldStart({ coldStart: c }) {
  if (!c) return [];
  return [
    '## Cold start of the index (wide)',
    '',
    '| | |',
    '| --- | ---: |',
    `| ready after | ${ms(c.ms)} ms |`,
    `| binary COPY of the same rows to nowhere | ${ms(c.copyMs)} ms |`,
    `| links | ${whole(c.links)} |`,
    `| memory of the index | ${whole(c.bytes.all / 2 ** 20)} MB |`,
    `| memory of a process that has just loaded it, in all | ${whole(c.rss / 2 ** 20)} MB |`,
    `| bytes a link | ${fixed(c.bytes.all / c.links, 1)} |`,
    `| bytes a link and direction, beyond times and quantities | ${fixed(c.bytes.perLinkAndDirection, 1)} |`,
    '',
  ];
}

function bulk({ bulk: b }) {
  if (!b) return [];
  return [
    '## Bulk import',
    '',
    `${whole(b.links)} links in ${whole(b.events)} events, NDJSON; ${whole(b.rows)} rows in ${b.tables.length} tables. Medians of ${b.turns} turns.`,
    '',
    '| | |',
    '| --- | ---: |',
    `| import, every check made | ${ms(b.ms)} ms |`,
    `| COPY of the same rows into the same keys and indexes | ${ms(b.copyMs)} ms |`,
    `| links a second | ${whole(b.links / (b.ms / 1_000))} |`,
    `| memory of the importing process, at most | ${whole(b.memoryBytes / 2 ** 20)} MB |`,
    '',
  ];
}

function search({ search: s }) {
  if (!s) return [];
  return [
    '## Search',
    '',
    `Among ${whole(s.units)} units, their texts and index ${whole(s.bytes / 2 ** 20)} MB; a hundred questions of each kind.`,
    '',
    '| looked for | p50 ms | p95 ms | cut off |',
    '| --- | ---: | ---: | ---: |',
    ...s.asked.map((a) => `| ${a.name} | ${fixed(a.p50, 1)} | ${fixed(a.p95, 1)} | ${a.truncated} |`),
    '',
  ];
}

const FLOOR = {
  scan: { title: 'a scanned component is judged', msMax: 300 },
  build: { title: 'a bike is finished and recorded', msMax: 100 },
  start: { title: 'a build is begun' },
  find: { title: 'anything is scanned' },
};

function floor({ floor: f }) {
  if (!f) return [];
  return [
    '## Fifty scanners',
    '',
    `${f.stations} stations build for ${f.seconds} s, each scanning every ${f.paceMs / 1_000} s: ${whole(f.bikes)} bikes of four serials and two lots that all of them share.`,
    '',
    '| over HTTP, on the same machine | count | p50 ms | p95 ms | most ms | wanted p95 | |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...Object.entries(FLOOR).map(([name, { title, msMax }]) => {
      const { count, p50, p95, max } = f[name];
      const verdict = msMax === undefined ? '' : p95 < msMax ? 'reached' : 'not reached';
      return `| ${title} | ${whole(count)} | ${ms(p50)} | ${ms(p95)} | ${ms(max)} | ${msMax ?? ''} | ${verdict} |`;
    }),
    '',
  ];
}

function consistency({ consistency: c }) {
  if (!c) return [];
  return [
    '## Consistency',
    '',
    `${whole(c.transactions)} randomized transactions from ${c.connections} connections (aborts, savepoints, ${whole(c.slowCommits)} slow commits, ${c.crashes} crashes and restarts of PostgreSQL, ${c.newIndexes} new indexes) in ${fixed(c.seconds, 0)} s.`,
    `${whole(c.traces)} traces at ${whole(c.positions)} positions, and all links at ${whole(c.wholeChecks)} of them: index = SQL in each. The naive cursor on ids lost ${whole(c.lostByCursor)} of ${whole(c.links)} links.`,
    '',
  ];
}

function scale({ scale: s }) {
  if (!s) return [];
  return [
    '## Scale',
    '',
    `${whole(s.units)} units, ${whole(s.links)} links. Loading all facts by COPY, with indexes and positions: ${fixed(s.loadMs / 1_000, 1)} s.`,
    '',
    ...questionTable(s.question),
    '| | |',
    '| --- | ---: |',
    ...(s.coldStart
      ? [
          `| index ready after | ${ms(s.coldStart.ms)} ms |`,
          `| bytes a link | ${fixed(s.coldStart.bytes.all / s.coldStart.links, 1)} |`,
          `| memory of the index | ${whole(s.coldStart.bytes.all / 2 ** 20)} MB |`,
          `| memory of a process that has just loaded it, in all | ${whole(s.coldStart.rss / 2 ** 20)} MB |`,
        ]
      : []),
    `| small trace over HTTP (${whole(s.small.units)} units), p50 | ${ms(s.small.p50)} ms |`,
    `| the same, p95 | ${ms(s.small.p95)} ms |`,
    `| writes a second meanwhile | ${fixed(s.small.writesPerSecond, 1)} |`,
    `| a write, p50 / p95 | ${ms(s.small.writeP50)} / ${ms(s.small.writeP95)} ms |`,
    '',
    `${whole(s.small.traces)} small traces, answered from: ${Object.entries(s.small.sources)
      .map(([source, n]) => `${source} ${n}`)
      .join(', ')}.`,
    '',
  ];
}

const whole = (value) => Math.round(value).toLocaleString('en');
const fixed = (value, digits) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const ms = (value) => fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);
