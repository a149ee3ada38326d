import type { ScopeCounts } from '~/api/recalls';
import { count } from '~/kit/amount';
import { Facts } from '~/kit/page';
import { text } from '~/text';

const words = text.recalls.case;
const ROWS = ['units', 'lots', 'serials', 'certain', 'possible', 'customers', 'places'] as const;

/** The numbers of a scope. */
export function Counts({ counts }: { counts: Partial<ScopeCounts> }) {
  return <Facts rows={ROWS.map((row) => [words[row], count(counts[row] ?? 0)])} />;
}
