/** A page that is one list: its title, what can be done, what is found by typing, and the rows. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '~/api/types';
import { text } from '~/text';
import { DataTable, useRows, type Column, type Sorting } from './data-table';
import { Find } from './find';
import { PageHead, useTitle } from './page';

type ListPageProps<T> = {
  id: string;
  title: string;
  actions?: ReactNode;
  above?: ReactNode;
  find?: { q: string; onFind: (q: string) => void };
  /** beside the field */
  filters?: ReactNode;
  columns: Column<T>[];
  sorting?: Sorting;
  rowKey: (row: T) => string;
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  /** where the pages do not say it */
  total?: number | undefined;
  empty: ReactNode;
};

export function ListPage<T extends object>(props: ListPageProps<T>) {
  const { id, title, find, filters, sorting } = props;
  useTitle(title);
  const source = useRows(`${id} ${find?.q ?? ''} ${sorting?.by ?? ''}`, props.query, props.total);
  return (
    <>
      <PageHead title={title}>{props.actions}</PageHead>
      {props.above}
      <div className="panel">
        {find || filters ? (
          <div className="filter-bar">
            {find ? <Find q={find.q} label={text.records.find} onFind={find.onFind} /> : null}
            {filters}
          </div>
        ) : null}
        <DataTable
          id={id}
          label={title}
          columns={props.columns}
          source={source}
          rowKey={props.rowKey}
          {...(sorting ? { sorting } : {})}
          empty={props.empty}
        />
      </div>
    </>
  );
}
