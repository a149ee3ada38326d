/** A small table that is there whole: no scrolling of its own, and real rows and cells for whoever reads it aloud. */
import type { ReactNode } from 'react';

export type PlainColumn<R> = {
  header: string;
  cell: (row: R) => ReactNode;
  align?: 'right';
  /** the header is only for those who cannot see what stands below it */
  quiet?: boolean;
};

type PlainTableProps<R> = {
  columns: PlainColumn<R>[];
  rows: R[];
  rowKey: (row: R, index: number) => string | number;
  label?: string;
  className?: string;
  foot?: ReactNode;
};

export function PlainTable<R>({ columns, rows, rowKey, label, className = '', foot }: PlainTableProps<R>) {
  return (
    <table className={`plain ${className}`} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.header} scope="col" className={column.align}>
              {column.quiet ? <span className="sr-only">{column.header}</span> : column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={rowKey(row, index)}>
            {columns.map((column) => (
              <td key={column.header} className={column.align}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {foot ? <tfoot>{foot}</tfoot> : null}
    </table>
  );
}
