/** The recall impact report as a page that prints as it stands; the same data as its PDF, workbook and CSV. */
import { Button } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ApiError, download } from '~/api/client';
import type { Contact, CustomerImpact, Report, Suspect, Tally } from '~/api/types';
import { Amount, count, quantityText } from '~/kit/amount';
import { CertaintyMark, Glyph, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, saveAs, useTitle } from '~/kit/page';
import { Interval, Time } from '~/kit/time';
import { UnitLink, UnitText } from '~/kit/unit';
import { text } from '~/text';

const route = getRouteApi('/app/traces/$trace/report');
const t = text.report;

const quantities = (tally: Tally): string =>
  [...tally.quantities.map(quantityText), ...(tally.unknown > 0 ? [t.unknownQuantities(tally.unknown)] : [])].join(
    ', ',
  );

const TallyHead = () => (
  <>
    <th scope="col" className="right">
      {text.col.units}
    </th>
    <th scope="col" className="right">
      {text.certainty.certain}
    </th>
    <th scope="col" className="right">
      {text.certainty.possible}
    </th>
    <th scope="col">{text.col.quantity}</th>
  </>
);
const TallyCells = ({ tally }: { tally: Tally }) => (
  <>
    <td className="right num">{count(tally.units)}</td>
    <td className="right num">{count(tally.certain)}</td>
    <td className="right num">{count(tally.possible)}</td>
    <td>{quantities(tally)}</td>
  </>
);

function ContactLine({ contact }: { contact: Contact }) {
  const where = [contact.address, contact.country].filter(Boolean).join(', ');
  return (
    <span>
      <span className="code">{contact.partner}</span> {contact.name}
      {where ? <> · {where}</> : null}
      {contact.email ? (
        <>
          {' '}
          · <a href={`mailto:${contact.email}`}>{contact.email}</a>
        </>
      ) : null}
      {contact.phone ? <> · {contact.phone}</> : null}
      {!where && !contact.email && !contact.phone ? <span className="dim"> · {text.customers.noContact}</span> : null}
    </span>
  );
}

function SuspectBlock({ suspect }: { suspect: Suspect }) {
  return (
    <div className="report-block">
      <h3>
        <UnitText unit={suspect.unit} /> <span className="dim">{suspect.name}</span>
      </h3>
      <p>
        {text.origin[suspect.origin] ?? suspect.origin} · {t.suspectWindow}{' '}
        <Interval from={suspect.from} until={suspect.until} />
      </p>
      {suspect.makings.length === 0 ? <p className="dim">{t.noMaking}</p> : null}
      <ul>
        {suspect.makings.map((making) => (
          <li key={making.event}>
            {text.event[making.type] ?? making.type} <Time at={making.day ?? making.at} coarse={making.coarse} />
            {making.quantity ? (
              <>
                {' '}
                · <Amount quantity={making.quantity} />
              </>
            ) : null}
            {making.place ? <> · {making.place}</> : null}
            {making.supplier ? (
              <>
                {' '}
                · {t.from} <ContactLine contact={making.supplier} />
              </>
            ) : null}
            {making.supplierLot ? <> · {t.supplierLot(making.supplierLot)}</> : null}
            {making.document ? <> · {making.document}</> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function CustomerBlock({ impact }: { impact: CustomerImpact }) {
  return (
    <div className="report-block">
      <h3>
        <ContactLine contact={impact.customer} />
      </h3>
      <p>
        {t.nowThere(count(impact.units), count(impact.certain), count(impact.possible))}{' '}
        {t.delivered(count(impact.delivered.units), count(impact.delivered.hit))}
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{text.col.shipment}</th>
            <th scope="col">{text.col.shippedAt}</th>
            <TallyHead />
            <th scope="col" className="right">
              {t.hit}
            </th>
          </tr>
        </thead>
        <tbody>
          {impact.shipments.listed.map((shipment, index) => (
            <tr key={index}>
              <td className="code">{shipment.shipment ?? text.unknown}</td>
              <td>
                <Time at={shipment.fromDay ?? shipment.from} />
                {shipment.until !== shipment.from ? (
                  <>
                    {' '}
                    → <Time at={shipment.untilDay ?? shipment.until} />
                  </>
                ) : null}
              </td>
              <TallyCells tally={shipment} />
              <td className="right num">{count(shipment.hit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {impact.shipments.listed.length < impact.shipments.of ? (
        <p className="dim">{t.listed(impact.shipments.listed.length, impact.shipments.of)}</p>
      ) : null}
    </div>
  );
}

const More = ({ listed, of }: { listed: unknown[]; of: number }) =>
  listed.length < of ? <p className="dim">{t.listed(listed.length, of)}</p> : null;

function Body({ report }: { report: Report }) {
  return (
    <article className="report">
      <div className={report.complete ? 'verdict' : 'verdict incomplete'}>
        <p>
          <Glyph shape={report.complete ? 'check' : 'triangle'} tone={report.complete ? 'ok' : 'warn'} />{' '}
          <strong>{report.verdict}</strong>
        </p>
        <p>{report.verdictMeaning}</p>
      </div>
      <section aria-label={t.summary}>
        <h2>{t.summary}</h2>
        <ul className="report-summary">
          {report.summary.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section aria-label={t.asked}>
        <h2>{t.asked}</h2>
        {report.asked.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="dim">
          {text.trace.askedBy} {report.trace.askedBy} · <Time at={report.trace.askedAt} short /> ·{' '}
          {text.question.position(count(report.trace.ledgerPosition))} · {text.trace.digest}{' '}
          <span className="code break">{report.trace.digest}</span>
        </p>
      </section>
      <section aria-label={t.suspects}>
        <h2>{t.suspects}</h2>
        {report.suspects.map((suspect) => (
          <SuspectBlock key={`${suspect.id} ${suspect.from ?? ''}`} suspect={suspect} />
        ))}
      </section>
      <section aria-label={t.byItem}>
        <h2>{t.byItem}</h2>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{text.col.item}</th>
              <th scope="col">{text.col.name}</th>
              <TallyHead />
              <th scope="col">{text.col.state}</th>
            </tr>
          </thead>
          <tbody>
            {report.items.map((item) => (
              <tr key={item.item}>
                <td className="code">{item.item}</td>
                <td>{item.name}</td>
                <TallyCells tally={item} />
                <td>
                  {item.states
                    .map((state) => `${count(state.units)} ${text.state[state.state as 'shipped'] ?? state.state}`)
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="report-pair">
        <section aria-label={t.byState}>
          <h2>{t.byState}</h2>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{text.col.state}</th>
                <TallyHead />
              </tr>
            </thead>
            <tbody>
              {report.states.map((state) => (
                <tr key={state.state}>
                  <td>
                    <StateMark state={state.state as 'shipped'} />
                  </td>
                  <TallyCells tally={state} />
                </tr>
              ))}
            </tbody>
          </table>
          {report.states.reduce((all, state) => all + state.units, 0) > report.totals.affected ? (
            <p className="dim small">{text.counts.severalStates}</p>
          ) : null}
        </section>
        <section aria-label={t.byPlace}>
          <h2>{t.byPlace}</h2>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{text.col.place}</th>
                <TallyHead />
              </tr>
            </thead>
            <tbody>
              {report.places.map((place) => (
                <tr key={place.place ?? ''}>
                  <td className="code">{place.place ?? text.unknown}</td>
                  <TallyCells tally={place} />
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
      <section aria-label={t.customers}>
        <h2>{t.customers}</h2>
        {report.customers.of === 0 ? <Empty title={text.customers.none}>{text.customers.noneWhy}</Empty> : null}
        {report.customers.listed.map((impact) => (
          <CustomerBlock key={impact.customer.partner} impact={impact} />
        ))}
        <More {...report.customers} />
      </section>
      <section aria-label={t.units}>
        <h2>{t.units}</h2>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{text.col.unit}</th>
              <th scope="col">{text.col.certainty}</th>
              <th scope="col">{text.col.exposure}</th>
              <th scope="col">{text.col.state}</th>
              <th scope="col">{text.col.where}</th>
              <th scope="col" className="right">
                {text.col.quantity}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.units.listed.map((row) => (
              <tr key={row.id}>
                <td>
                  <UnitLink id={row.id} unit={row.unit} />
                </td>
                <td>
                  <CertaintyMark certainty={row.certainty} />
                  {row.ended ? <span className="dim"> {t.notAnyMore}</span> : null}
                </td>
                <td>
                  {row.exposure.map(([from, until]) => (
                    <div key={from ?? ''}>
                      <Interval from={from} until={until} />
                    </div>
                  ))}
                </td>
                <td>
                  {row.state ? (
                    <StateMark state={row.state} />
                  ) : (
                    (row.holdings ?? []).map((held) => text.state[held.state] ?? held.state).join(', ')
                  )}
                </td>
                <td>
                  {row.customer ??
                    row.place ??
                    (row.holdings ?? [])
                      .map((held) => held.customer ?? held.place)
                      .filter(Boolean)
                      .join(', ')}
                </td>
                <td className="right">
                  <Amount quantity={row.quantity} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <More {...report.units} />
      </section>
      <section aria-label={t.excluded}>
        <h2>{t.excluded}</h2>
        {report.excluded.of === 0 ? <p>{text.excluded.none}</p> : null}
        <ul>
          {report.excluded.reasons.map((reason) => (
            <li key={reason.reason}>
              <strong>{count(reason.units)}</strong> {text.reason[reason.reason] ?? reason.reason}: {reason.meaning}
            </li>
          ))}
        </ul>
        {report.excluded.listed.length > 0 ? (
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{text.col.unit}</th>
                <th scope="col">{text.col.reason}</th>
              </tr>
            </thead>
            <tbody>
              {report.excluded.listed.map((row) => (
                <tr key={row.id}>
                  <td>
                    <UnitLink id={row.id} unit={row.unit} />
                  </td>
                  <td>{text.reason[row.reason] ?? row.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        <More {...report.excluded} />
      </section>
      <section aria-label={t.gaps}>
        <h2>{t.gaps}</h2>
        {report.gaps.of === 0 ? <p>{text.gaps.none}</p> : null}
        <ul>
          {report.gaps.listed.map((gap, index) => (
            <li key={index}>
              {gap.unit ? <UnitLink id={gap.id} unit={gap.unit} /> : null} {gap.message}
            </li>
          ))}
        </ul>
        <More {...report.gaps} />
      </section>
    </article>
  );
}

export function ReportPage() {
  const { trace: id } = route.useParams();
  const query = useQuery({
    queryKey: ['trace', id, 'report'],
    queryFn: ({ signal }) => api.report<Report>(id, signal),
    staleTime: Infinity,
  });
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const report = query.data;
  useTitle(report ? `${report.title}: ${report.subject}` : t.title);
  const save = async (kind: 'pdf' | 'xlsx' | 'csv'): Promise<void> => {
    setBusy(kind);
    setProblem(null);
    try {
      const response = await download(api.reportFile(id, kind));
      const named = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '');
      await saveAs(response, named?.[1] ?? `recall-impact-${id}.${kind}`);
    } catch (error) {
      setProblem(error instanceof ApiError ? error : new Error(t.notMade));
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      <PageHead
        over={
          <Link to="/traces/$trace" params={{ trace: id }}>
            {t.back}
          </Link>
        }
        title={report ? `${report.title}: ${report.subject}` : t.title}
      >
        <span className="no-print row-actions">
          {(['pdf', 'xlsx', 'csv'] as const).map((kind) => (
            <Button
              key={kind}
              variant={kind === 'pdf' ? 'filled' : 'default'}
              size="sm"
              leftSection={<IconDownload size={14} aria-hidden />}
              loading={busy === kind}
              disabled={!report}
              onClick={() => void save(kind)}
              aria-label={t.download(kind.toUpperCase())}
            >
              {kind.toUpperCase()}
            </Button>
          ))}
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPrinter size={14} aria-hidden />}
            disabled={!report}
            onClick={() => window.print()}
          >
            {t.print}
          </Button>
        </span>
      </PageHead>
      {problem ? <ErrorBox error={problem} /> : null}
      {query.isPending ? <Loading label={t.making} /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {report ? <Body report={report} /> : null}
    </>
  );
}
