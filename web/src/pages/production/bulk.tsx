/** Material that nobody scans piece by piece: proposed by the BOM, confirmed by a person, never picked by itself. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { backflushQuery, type BackflushLine, type Build, buildQuery } from '~/api/production';
import { queryClient } from '~/api/queries';
import type { VerdictData } from '~/floor/types';
import { verdictOf } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { Amount, quantityText } from '~/kit/amount';
import { Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { codeOf } from '~/kit/unit';
import { text } from '~/text';
import { kept } from './verdicts';

const words = text.production.build;

export function Bulk({ build, onVerdict }: { build: Build; onVerdict: (verdict: VerdictData) => void }) {
  const needed = build.lines.some((line) => line.tracking === 'lot' && line.open.value !== '0');
  const open = build.lines.map((line) => `${line.line}:${line.open.value}`).join(' ');
  const query = useQuery({
    ...backflushQuery(build.id),
    queryKey: ['build', build.id, 'backflush', open],
    enabled: needed,
  });
  const rows = query.data?.lines ?? [];
  if (!needed || rows.length === 0) return null;

  const take = async (line: BackflushLine, how?: 'split' | 'possible'): Promise<void> => {
    try {
      const body = { lines: [{ line: line.line, ...(how ? { how } : {}) }] };
      const title = `${words.bulk} ${build.id}: ${line.item}`;
      const sent = await sendWork<Build>(`/builds/${build.id}/backflush`, body, { title });
      if (sent.state === 'queued') return onVerdict(kept);
      queryClient.setQueryData(buildQuery(build.id).queryKey, sent.answer);
      const said = sent.answer.complete ? words.complete : words.stillOpen(sent.answer.open);
      onVerdict({ verdict: 'ok', message: said });
    } catch (error) {
      onVerdict(verdictOf(error));
    }
  };
  return (
    <Section title={words.bulk}>
      <p className="dim">{words.bulkWhy}</p>
      <PlainTable
        label={words.bulk}
        columns={[
          {
            header: text.col.item,
            cell: (line) => (
              <>
                <span className="code">{line.item}</span> {line.name}
              </>
            ),
          },
          { header: text.production.quantity, align: 'right', cell: (line) => <Amount quantity={line.needed} /> },
          { header: text.production.asBuilt.parts, cell: (line) => <Sources line={line} /> },
          { header: text.actions, cell: (line) => <Choices line={line} onTake={take} /> },
        ]}
        rows={rows}
        rowKey={(line) => line.line}
      />
    </Section>
  );
}

function Sources({ line }: { line: BackflushLine }) {
  const lots =
    line.runs.length > 0
      ? line.runs.map((run) => words.loadedOn(run.lots.join(', '), codeOf(run.unit)))
      : line.split.map((share) => `${codeOf(share.unit)} ${quantityText(share.quantity)}`);
  return (
    <>
      <div>{words.bulkKinds[line.kind]}</div>
      {lots.map((lot) => (
        <div key={lot} className="code">
          {lot}
        </div>
      ))}
    </>
  );
}

function Choices({
  line,
  onTake,
}: {
  line: BackflushLine;
  onTake: (line: BackflushLine, how?: 'split' | 'possible') => Promise<void>;
}) {
  if (line.kind === 'none') return null;
  if (line.kind === 'sure' || line.kind === 'loaded')
    return (
      <Button variant="default" onClick={() => void onTake(line)}>
        {words.takeIt(line.item)}
      </Button>
    );
  return (
    <div className="line-choices">
      <Button variant="default" onClick={() => void onTake(line, 'split')}>
        {words.takeSplit(line.item)}
      </Button>
      {line.possible.length > 1 ? (
        <Button variant="default" onClick={() => void onTake(line, 'possible')}>
          {words.takePossible(line.item)}
        </Button>
      ) : null}
    </div>
  );
}
