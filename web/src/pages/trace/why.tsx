/** Why is this unit on the list? The chain as sentences, with what each rests on; and how many other ways lead in. */
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import { whyQuery } from '~/api/queries';
import type { Why } from '~/api/types';
import { quantityText } from '~/kit/amount';
import { CertaintyMark } from '~/kit/marks';
import { ErrorBox, Loading } from '~/kit/page';
import { formatTime, Interval, Time, useZone } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const route = getRouteApi('/app/traces/$trace');

/** Sentences come with times in UTC; they are shown in the zone that all other times are in. */
const inZone = (sentence: string, zone: string): string =>
  sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g, (at) => formatTime(at, zone));

function Chain({ why }: { why: Why }) {
  const { zone } = useZone();
  if (why.chain.length === 0) {
    return (
      <ol className="chain">
        <li>
          <p>{why.sentences[0] ?? text.why.seed}</p>
        </li>
      </ol>
    );
  }
  return (
    <ol className="chain">
      {why.chain.map(({ link, sentence }, index) => (
        <li key={index}>
          <p>{inZone(sentence, zone)}</p>
          <p className="chain-units">
            <UnitLink id={link.input.id} unit={link.input.unit} /> <span aria-hidden="true">→</span>
            <span className="sr-only">{text.why.into}</span> <UnitLink id={link.output.id} unit={link.output.unit} />
          </p>
          <p className="chain-facts">
            <CertaintyMark certainty={link.certainty} />
            <span>
              {link.mode === 'install' ? <Interval from={link.from} until={link.until} /> : <Time at={link.from} />}
            </span>
            {link.quantity ? <span>{quantityText(link.quantity)}</span> : null}
            {link.position ? <span>{text.tree.position(link.position)}</span> : null}
            {link.workOrder ? <span className="code">{link.workOrder}</span> : null}
            {link.document && link.document !== link.workOrder ? <span className="code">{link.document}</span> : null}
            {link.place ? <span>{link.place}</span> : null}
            <span className="dim">{text.event[link.type] ?? link.type}</span>
          </p>
        </li>
      ))}
    </ol>
  );
}

export function WhyPanel({
  trace,
  unit,
  direction,
}: {
  trace: string;
  unit: string;
  direction: 'forward' | 'backward';
}) {
  const navigate = route.useNavigate();
  const query = useQuery(whyQuery(trace, unit));
  const why = query.data;
  const others = why ? why.waysIn - 1 : 0;
  return (
    <aside className="why panel" aria-label={text.why.title} data-testid="why">
      <div className="panel-head">
        <h2>{text.why.title}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text.why.close}
          onClick={() =>
            void navigate({ search: (was: Search) => ({ ...was, why: undefined }), replace: true, resetScroll: false })
          }
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div aria-live="polite">
        {query.isPending ? <Loading /> : null}
        {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
        {why ? (
          <>
            <p className="why-unit">
              <UnitLink id={unit} unit={why.unit} /> <CertaintyMark certainty={why.certainty} />
            </p>
            <p className="dim">{direction === 'forward' ? text.why.leadForward : text.why.leadBackward}</p>
            <Chain why={why} />
            {others > 0 ? <p className="strong">{text.why.others(others)}</p> : null}
            {why.certainty === 'possible' ? <p className="why-possible">{text.why.possible}</p> : null}
          </>
        ) : null}
      </div>
    </aside>
  );
}
