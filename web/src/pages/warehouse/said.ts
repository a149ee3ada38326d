/** What the server says to a scan, as the floor shows it; what must be read first is sent again with the answer. */
import type { Said } from '~/api/warehouse';
import type { VerdictData } from '~/floor/types';

/** `again` sends the same scan with the ids of what was read. */
export function verdictOf<S extends Said>(
  said: S,
  again: (acknowledged: string[]) => Promise<VerdictData | null>,
): VerdictData {
  const asks = said.code === 'INSTRUCTION_UNACKNOWLEDGED';
  return {
    verdict: said.verdict,
    code: said.code,
    message: said.message,
    next: said.next,
    unit: said.unit,
    // What was acknowledged already is shown, and not asked for again.
    instructions: said.instructions.map((one) => ({
      id: one.id,
      text: one.text,
      acknowledge: asks && one.acknowledge,
    })),
    ...(asks ? { acknowledge: again } : {}),
  };
}
