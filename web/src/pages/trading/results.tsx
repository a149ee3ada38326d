/** What was found of goods that came in: a field for each characteristic of their plan. */
import { NativeSelect, TextInput } from '@mantine/core';
import type { Characteristic } from '~/api/trade';
import { text } from '~/text';
import { isLimited, type Results } from './receive-draft';

const words = text.trade.receive;

type Props = { characteristics: Characteristic[]; results: Results; onChange: (results: Results) => void };

export function ResultFields({ characteristics, results, onChange }: Props) {
  const put = (name: string, value: string): void => onChange({ ...results, [name]: value });
  return characteristics.map((one) =>
    isLimited(one) ? (
      <TextInput
        key={one.name}
        label={words.measured(one.name, one.uom)}
        description={words.limits(one.low, one.high)}
        value={results[one.name] ?? ''}
        onChange={(event) => put(one.name, event.currentTarget.value)}
        inputMode="decimal"
      />
    ) : (
      <NativeSelect
        key={one.name}
        label={one.name}
        value={results[one.name] ?? ''}
        onChange={(event) => put(one.name, event.currentTarget.value)}
        data={[
          { value: '', label: words.notYet },
          { value: 'pass', label: words.pass },
          { value: 'fail', label: words.fail },
        ]}
      />
    ),
  );
}
