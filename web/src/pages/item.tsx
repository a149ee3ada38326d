import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { bomsQuery, itemQuery } from '~/api/queries';
import type { Bom } from '~/api/types';
import { useSession } from '~/app/session';
import { decimal } from '~/kit/amount';
import { Empty, ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { InspectionPlans, type PlanEdit } from './trading/inspection-plans';
import { text } from '~/text';

const route = getRouteApi('/app/items/$item');

function BomTable({ bom }: { bom: Bom }) {
  return (
    <Section
      title={text.item.revision(bom.revision)}
      aside={
        <span className="dim">
          {bom.effectiveFrom ? <Time at={bom.effectiveFrom} /> : text.time.fromEver} →{' '}
          {bom.effectiveUntil ? <Time at={bom.effectiveUntil} /> : text.time.open}
        </span>
      }
    >
      <PlainTable
        columns={[
          {
            header: text.col.component,
            cell: (line) => (
              <Link to="/items/$item" params={{ item: line.component }} className="code">
                {line.component}
              </Link>
            ),
          },
          {
            header: text.col.quantity,
            align: 'right',
            cell: (line) => (
              <span className="num">
                {decimal(line.quantity)} {line.uom}
              </span>
            ),
          },
          { header: text.col.position, cell: (line) => line.position },
          { header: text.col.substitutes, cell: (line) => line.substitutes?.join(', ') },
        ]}
        rows={bom.lines}
        rowKey={(_, index) => index}
      />
    </Section>
  );
}

export function ItemPage() {
  const { item: code } = route.useParams();
  const { plan, supplier } = route.useSearch();
  const { can } = useSession();
  const navigate = route.useNavigate();
  const query = useQuery(itemQuery(code));
  const boms = useQuery(bomsQuery(code));
  useTitle(code);
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const item = query.data;
  const editing: PlanEdit | null = plan === 'of' ? (supplier ? { supplier } : null) : (plan ?? null);
  const edit = (next: PlanEdit | null): void =>
    void navigate({
      search: typeof next === 'string' ? { plan: next } : next ? { plan: 'of', supplier: next.supplier } : {},
      replace: true,
    });
  return (
    <>
      <PageHead
        over={<Link to="/items">{text.nav.items}</Link>}
        title={
          <>
            <span className="code">{item.item}</span> {item.name}
          </>
        }
      />
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={text.unit.identity}>
            <Facts
              rows={[
                [text.col.tracking, text.tracking[item.tracking] ?? item.tracking],
                [text.col.uom, item.uom],
                [
                  'GTIN',
                  item.gtin ? <span className="code">{item.gtin}</span> : <span className="dim">{text.none}</span>,
                ],
                [text.col.category, item.category ?? <span className="dim">{text.none}</span>],
              ]}
            />
          </Section>
        </div>
        <div>
          {boms.isPending ? <Loading /> : null}
          {boms.error ? <ErrorBox error={boms.error} retry={() => void boms.refetch()} /> : null}
          {boms.data?.length === 0 ? <Empty title={text.item.noBom}>{text.item.noBomWhy}</Empty> : null}
          {boms.data?.map((bom) => (
            <BomTable key={bom.revision} bom={bom} />
          ))}
          {can('work:read') ? <InspectionPlans item={code} editing={editing} onEdit={edit} /> : null}
        </div>
      </div>
    </>
  );
}
