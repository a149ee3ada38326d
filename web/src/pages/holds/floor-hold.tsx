/** Putting on hold with a scanner in hand: choose why, then scan. Works without a connection: it is sent when that is back. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { reasonsQuery } from '~/api/holds';
import { FloorScreen } from '~/floor/floor-screen';
import { queuedVerdict } from '~/floor/queued';
import { useScans } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { showScan } from '~/kit/keyboard';
import { useLocal } from '~/kit/local';
import { text } from '~/text';
import type { Reason } from '~/api/holds';

const route = getRouteApi('/app/floor/hold');
const words = text.holds.floor;

export function FloorHoldPage() {
  const { reason: code } = route.useSearch();
  const navigate = route.useNavigate();
  // Kept on this computer, so that there are reasons to choose from without a connection too.
  const [known, keep] = useLocal<Reason[]>('unitrail.reasons', []);
  const query = useQuery(reasonsQuery);
  const fresh = query.data?.data;
  useEffect(() => {
    if (fresh) keep(fresh);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `keep` is made anew at each drawing
  }, [fresh]);
  const reasons = (fresh ?? known).filter((one) => one.kind === 'hold' && !one.retired);
  const chosen = reasons.find((one) => one.code === code);

  const scans = useScans(async (scanned) => {
    if (!chosen) return { verdict: 'warn', message: words.chooseFirst };
    const sent = await sendWork(
      '/holds',
      {
        units: [{ scan: scanned }],
        reason: chosen.text,
        reasonCode: chosen.code,
        at: new Date().toISOString(),
      },
      { title: `${words.title}: ${showScan(scanned)}` },
    );
    if (sent.state === 'queued') return queuedVerdict(words.held(chosen.text));
    return { verdict: 'ok', message: `${showScan(scanned)} · ${words.held(chosen.text)}`, next: words.heldNext };
  });
  return (
    <FloorScreen title={words.title} prompt={words.prompt} scans={scans}>
      <NativeSelect
        size="lg"
        label={words.choose}
        value={code ?? ''}
        onChange={(event) =>
          void navigate({
            search: event.currentTarget.value ? { reason: event.currentTarget.value } : {},
            replace: true,
          })
        }
        data={[{ value: '', label: words.choose }, ...reasons.map((one) => ({ value: one.code, label: one.text }))]}
      />
    </FloorScreen>
  );
}
