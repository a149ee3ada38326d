/** A partner: all that a customer ever got, all that a supplier ever sent, whoever recorded it. */
import { Button, Tabs, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  csvOf,
  papersQuery,
  type PartnerFilters,
  partnerQuery,
  type PartnerShipment,
  partnerShipmentsQuery,
  type PartnerUnit,
  partnerUnitsQuery,
  receiptsQuery,
  type SuppliedUnit,
  suppliedUnitsQuery,
} from '~/api/trade';
import { partnerTabs } from '~/app/routes/trade';
import { Amount, quantityText } from '~/kit/amount';
import { type Column, DataTable, useRows } from '~/kit/data-table';
import { Empty, ErrorBox, Facts, Loading, PageHead, saveAs, Section, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { PapersTable } from './papers';
import { PartnerTerms } from './partner-terms';
import { receiptColumns } from './receipts';
import './trading.css';

const words = text.trade.partnerPage;
const route = getRouteApi('/app/partners/$partner');
const empty = <Empty title={words.none}>{words.noneWhy}</Empty>;

const shipmentColumns: Column<PartnerShipment>[] = [
  {
    id: 'shipment',
    header: text.trade.ship.number,
    width: 170,
    cell: (row) =>
      row.shipment ? (
        <Link to="/shipments/$shipment" params={{ shipment: row.shipment }} className="code">
          {row.shipment}
        </Link>
      ) : (
        <span className="dim">{words.withoutNumber}</span>
      ),
  },
  { id: 'at', header: text.trade.at, width: 190, cell: (row) => <Time at={row.at} short /> },
  { id: 'units', header: text.trade.units, width: 80, align: 'right', cell: (row) => row.units },
  {
    id: 'items',
    header: text.trade.items,
    width: 320,
    cell: (row) => row.items.map((one) => `${one.item} ${quantityText(one.quantity)}`).join(', '),
  },
  {
    id: 'order',
    header: text.trade.ship.from,
    width: 140,
    cell: (row) =>
      row.salesOrder ? (
        <Link to="/orders/$kind/$order" params={{ kind: 'sales', order: row.salesOrder }} className="code">
          {row.salesOrder}
        </Link>
      ) : null,
  },
  { id: 'returned', header: text.trade.orders.returned, width: 130, cell: (row) => words.returnedOf(row.returned) },
];

const unitColumn = <R extends { id: string; unit: PartnerUnit['unit'] }>(): Column<R> => ({
  id: 'unit',
  header: text.col.unit,
  width: 260,
  cell: (row) => <UnitLink id={row.id} unit={row.unit} />,
});
const statesOf = (states: string): string =>
  states
    .split(', ')
    .map((one) => (text.state as Record<string, string | undefined>)[one] ?? one)
    .join(', ');

const unitColumns: Column<PartnerUnit>[] = [
  unitColumn(),
  { id: 'name', header: text.col.name, width: 180, cell: (row) => row.name },
  {
    id: 'quantity',
    header: text.trade.quantity,
    width: 110,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  {
    id: 'shipment',
    header: text.trade.ship.number,
    width: 150,
    cell: (row) =>
      row.shipment ? (
        <Link to="/shipments/$shipment" params={{ shipment: row.shipment }} className="code">
          {row.shipment}
        </Link>
      ) : null,
  },
  { id: 'at', header: text.trade.at, width: 190, cell: (row) => <Time at={row.at} short /> },
  {
    id: 'returned',
    header: text.trade.orders.returned,
    width: 110,
    cell: (row) => (row.returned ? text.trade.ship.returned : ''),
  },
  { id: 'state', header: text.trade.orders.where, width: 170, cell: (row) => statesOf(row.state) },
];

const suppliedColumns: Column<SuppliedUnit>[] = [
  unitColumn(),
  {
    id: 'lot',
    header: text.trade.receive.supplierLot,
    width: 150,
    cell: (row) => <span className="code">{row.supplierLot}</span>,
  },
  {
    id: 'quantity',
    header: text.trade.quantity,
    width: 110,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  {
    id: 'document',
    header: text.trade.receive.order,
    width: 140,
    cell: (row) => <span className="code">{row.document}</span>,
  },
  {
    id: 'receipt',
    header: text.trade.receive.receipt,
    width: 140,
    cell: (row) =>
      row.receipt ? (
        <Link to="/receipts/$receipt" params={{ receipt: row.receipt }} className="code">
          {row.receipt}
        </Link>
      ) : null,
  },
  { id: 'at', header: text.trade.at, width: 190, cell: (row) => <Time at={row.at} short /> },
  {
    id: 'inspections',
    header: text.trade.receive.inspection,
    width: 160,
    cell: (row) => words.inspections(row.inspections.passed, row.inspections.failed),
  },
  { id: 'certificates', header: words.papers, width: 110, align: 'right', cell: (row) => row.certificates || '' },
  { id: 'state', header: text.trade.orders.where, width: 170, cell: (row) => statesOf(row.state) },
];

export function PartnerPage() {
  const { partner: code } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(partnerQuery(code));
  useTitle(code);
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const partner = query.data;
  const tab = search.tab ?? (partner.kind === 'supplier' ? 'supplied' : 'units');
  const { item, code: unitCode, from, until } = search;
  const filters: PartnerFilters = {
    ...(item ? { item } : {}),
    ...(unitCode ? { code: unitCode } : {}),
    ...(from ? { from } : {}),
    ...(until ? { until } : {}),
  };
  return (
    <>
      <PageHead
        over={<Link to="/partners">{text.nav.partners}</Link>}
        title={
          <>
            <span className="code">{partner.partner}</span> {partner.name}
          </>
        }
      />
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={words.contact}>
            <Facts
              rows={[
                [text.col.kind, partner.kind],
                [
                  text.col.email,
                  partner.email ? (
                    <a key="mail" href={`mailto:${partner.email}`}>
                      {partner.email}
                    </a>
                  ) : (
                    <Quiet key="mail" />
                  ),
                ],
                [text.col.phone, partner.phone ?? <Quiet key="phone" />],
                [
                  text.col.address,
                  [partner.address, partner.country].filter(Boolean).join(', ') || <Quiet key="address" />,
                ],
              ]}
            />
          </Section>
          <PartnerTerms
            partner={code}
            editing={search.edit === 'terms'}
            onEdit={(editing) =>
              void navigate({ search: (was) => ({ ...was, edit: editing ? 'terms' : undefined }), replace: true })
            }
          />
          <Section title={words.orders}>
            <div className="trade-side">
              <Link to="/orders/$kind" params={{ kind: 'purchase' }} search={{ partner: code }}>
                {text.trade.nav.purchase}
              </Link>
              <Link to="/orders/$kind" params={{ kind: 'sales' }} search={{ partner: code }}>
                {text.trade.nav.sales}
              </Link>
            </div>
          </Section>
        </div>
        <Tabs
          value={tab}
          onChange={(next) =>
            void navigate({
              search: (was) => ({ ...was, tab: partnerTabs.find((one) => one === next) }),
              replace: true,
            })
          }
          className="panel unit-main"
          keepMounted={false}
        >
          <Tabs.List aria-label={words.tabs}>
            {partnerTabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {words[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tab === 'papers' || tab === 'receipts' ? null : (
            <Filters
              partner={code}
              tab={tab}
              filters={filters}
              onChange={(more) => void navigate({ search: (was) => ({ ...was, ...more }), replace: true })}
            />
          )}
          <Tabs.Panel value="shipments">
            <Shipments partner={code} filters={filters} />
          </Tabs.Panel>
          <Tabs.Panel value="units">
            <Units partner={code} filters={filters} />
          </Tabs.Panel>
          <Tabs.Panel value="receipts">
            <Receipts partner={code} />
          </Tabs.Panel>
          <Tabs.Panel value="supplied">
            <Supplied partner={code} filters={filters} />
          </Tabs.Panel>
          <Tabs.Panel value="papers">
            <Papers partner={code} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}

const Quiet = () => <span className="dim">{text.none}</span>;

type FilterProps = {
  partner: string;
  tab: string;
  filters: PartnerFilters;
  onChange: (more: { [K in keyof PartnerFilters]?: string | undefined }) => void;
};

function Filters({ partner, tab, filters, onChange }: FilterProps) {
  const field = (name: keyof PartnerFilters, label: string, type = 'text') => (
    <TextInput
      label={label}
      type={type}
      value={filters[name] ?? ''}
      onChange={(event) => onChange({ [name]: event.currentTarget.value || undefined })}
    />
  );
  const csv = async (): Promise<void> =>
    saveAs(await csvOf(`/partners/${encodeURIComponent(partner)}/received-units`, filters), `units-${partner}.csv`);
  return (
    <div className="trade-form trade-filters">
      {field('item', words.item)}
      {field('code', words.code)}
      {field('from', words.from, 'date')}
      {field('until', words.until, 'date')}
      {tab === 'units' ? (
        <Button variant="default" onClick={() => void csv()}>
          {text.trade.download}
        </Button>
      ) : null}
    </div>
  );
}

function Shipments({ partner, filters }: { partner: string; filters: PartnerFilters }) {
  const source = useRows(
    `shipments ${partner} ${JSON.stringify(filters)}`,
    useInfiniteQuery(partnerShipmentsQuery(partner, filters)),
  );
  return (
    <DataTable
      id="partner-shipments"
      label={words.shipments}
      columns={shipmentColumns}
      source={source}
      rowKey={(row) => `${row.shipment ?? ''} ${row.at}`}
      empty={empty}
    />
  );
}

function Units({ partner, filters }: { partner: string; filters: PartnerFilters }) {
  const source = useRows(
    `units ${partner} ${JSON.stringify(filters)}`,
    useInfiniteQuery(partnerUnitsQuery(partner, filters)),
  );
  return (
    <DataTable
      id="partner-units"
      label={words.units}
      columns={unitColumns}
      source={source}
      rowKey={(row) => `${row.id} ${row.shipment ?? ''} ${row.at}`}
      empty={empty}
    />
  );
}

function Supplied({ partner, filters }: { partner: string; filters: PartnerFilters }) {
  const source = useRows(
    `supplied ${partner} ${JSON.stringify(filters)}`,
    useInfiniteQuery(suppliedUnitsQuery(partner, filters)),
  );
  return (
    <DataTable
      id="partner-supplied"
      label={words.supplied}
      columns={suppliedColumns}
      source={source}
      rowKey={(row) => `${row.id} ${row.at}`}
      empty={empty}
    />
  );
}

function Receipts({ partner }: { partner: string }) {
  const source = useRows(`receipts ${partner}`, useInfiniteQuery(receiptsQuery({ supplier: partner })));
  return (
    <DataTable
      id="partner-receipts"
      label={words.receipts}
      columns={receiptColumns}
      source={source}
      rowKey={(row) => row.receipt}
      empty={empty}
    />
  );
}

function Papers({ partner }: { partner: string }) {
  const query = useInfiniteQuery(papersQuery({ supplier: partner, kind: 'certificate' }));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} />;
  return rows.length === 0 ? (
    <Empty title={text.trade.papers.none}>{text.trade.papers.noneWhy}</Empty>
  ) : (
    <PapersTable papers={rows} />
  );
}
