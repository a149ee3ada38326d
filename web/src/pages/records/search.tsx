/** Everything that bears a number, a name or a note, found by any part of it while one types. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { searchQuery, searchTypes, type SearchHit } from '~/api/records';
import { Find } from '~/kit/find';
import { Empty, ErrorBox, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import './records.css';

const route = getRouteApi('/app/search');
const words = text.recordsMore.search;

export function SearchPage() {
  useTitle(words.title);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(searchQuery(search));
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  const asked = Object.keys(search).length > 0;
  const narrowed = asked && (search.q === undefined || Object.keys(search).length > 1);
  const field = (name: 'item' | 'partner' | 'from' | 'to', label: string) => (
    <TextInput
      label={label}
      type={name === 'from' || name === 'to' ? 'date' : 'text'}
      value={search[name] ?? ''}
      onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <>
      <PageHead title={words.title} />
      <div className="panel">
        <div className="search-field">
          <Find q={search.q ?? ''} label={words.field} onFind={(q) => set({ q: q === '' ? undefined : q })} />
        </div>
        <div className="filter-bar search-filters">
          <NativeSelect
            label={words.type}
            value={search.type ?? ''}
            onChange={(event) => set({ type: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.any },
              ...searchTypes.map((type) => ({ value: type, label: words.types[type] })),
            ]}
          />
          {field('item', words.item)}
          {field('partner', words.partner)}
          {field('from', words.from)}
          {field('to', words.to)}
          {narrowed ? (
            <Button
              variant="subtle"
              onClick={() => void navigate({ search: search.q === undefined ? {} : { q: search.q }, replace: true })}
            >
              {words.clear}
            </Button>
          ) : null}
        </div>
      </div>
      <div aria-live="polite">
        {query.error ? <ErrorBox error={query.error} /> : null}
        {!asked ? <Empty title={words.start}>{words.startWhy}</Empty> : null}
        {asked && query.isPending ? <Loading /> : null}
        {query.data?.truncated ? (
          <Notice tone="warn" title={query.data.truncated.say}>
            <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
              {words.again}
            </Button>
          </Notice>
        ) : null}
        {asked && query.data?.groups.length === 0 ? (
          <None behind={query.data.behind} old={query.isPlaceholderData} />
        ) : null}
        {asked
          ? query.data?.groups.map((group) => (
              <Section
                key={group.type}
                title={words.types[group.type]}
                aside={
                  <span className="dim">
                    {words.found(group.count, group.more)}{' '}
                    {search.type !== group.type && group.count > group.data.length ? (
                      <Button variant="subtle" onClick={() => set({ type: group.type })}>
                        {text.more}
                      </Button>
                    ) : null}
                  </span>
                }
              >
                <ul className="hits">
                  {group.data.map((hit) => (
                    <li key={hit.id}>
                      <HitLink hit={hit} />
                      {hit.at ? <Time at={hit.at} short /> : null}
                      {hit.why.slice(0, 3).map((why) => (
                        <span key={`${why.field} ${why.value}`} className="dim">
                          {words.why[why.field] ?? why.field}: <span className="code">{why.value}</span>
                        </span>
                      ))}
                    </li>
                  ))}
                </ul>
              </Section>
            ))
          : null}
        {query.data && query.data.groups.length > 0 && query.data.behind > 0 ? (
          <p className="dim">{words.behind}</p>
        ) : null}
      </div>
    </>
  );
}

/** What is not found is said to be so only of all that is recorded, and of the question that is asked now. */
function None({ behind, old }: { behind: number; old: boolean }) {
  if (old) return <Loading />;
  if (behind > 0) return <Empty title={words.noneYet}>{words.noneYetWhy}</Empty>;
  return <Empty title={words.none}>{words.noneWhy}</Empty>;
}

function HitLink({ hit }: { hit: SearchHit }) {
  const label = <strong>{hit.label}</strong>;
  switch (hit.type) {
    case 'unit':
      return (
        <Link to="/units/$unit" params={{ unit: hit.id }}>
          {label}
        </Link>
      );
    case 'event':
      return (
        <Link to="/events/$event" params={{ event: hit.id }}>
          {label}
        </Link>
      );
    case 'document':
      return (
        <Link to="/documents/$number" params={{ number: hit.id }}>
          {label}
        </Link>
      );
    case 'item':
      return (
        <Link to="/items/$item" params={{ item: hit.id }}>
          {label}
        </Link>
      );
    case 'place':
      return (
        <Link to="/places" search={{ q: hit.id }}>
          {label}
        </Link>
      );
    case 'partner':
      return (
        <Link to="/partners" search={{ q: hit.id }}>
          {label}
        </Link>
      );
    case 'container':
      return label;
  }
}
