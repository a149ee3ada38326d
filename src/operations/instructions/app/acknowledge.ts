import { DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';
import { type ShownInstruction, unacknowledged } from '../domain/instruction';
import { instructionsFor, type Touched } from '../queries';

export interface AcknowledgeContext {
  /** what was done, by the client's id of it: `build:<id>`; done again it leaves no second line */
  command: string;
  nowMs?: number;
}

/**
 * Inside the transaction of a command: gives the instructions that count for what it touches, and records who acknowledged
 * which version for which unit. `acknowledged` holds ids as they were shown (`i12.3`): of a text changed since, the id is
 * another. Throws INSTRUCTION_UNACKNOWLEDGED (id, text, all that are missing) where one that must be acknowledged is not.
 */
export async function acknowledge(
  tx: Tx,
  touched: Touched,
  acknowledged: readonly string[],
  context: AcknowledgeContext,
): Promise<ShownInstruction[]> {
  const shown = await instructionsFor(tx, touched, context.nowMs);
  const missing = unacknowledged(shown, acknowledged);
  const [first] = missing;
  if (first)
    throw new DomainError('INSTRUCTION_UNACKNOWLEDGED', {
      id: first.id,
      text: first.text,
      instructions: missing,
    });
  const given = new Set(acknowledged);
  const lines = shown
    .filter((one) => given.has(one.id))
    .flatMap((one) => {
      const [instructionId, version] = one.id.slice(1).split('.').map(Number);
      const units = one.units.length > 0 ? one.units.map((unit) => Number(unit.slice(1))) : [0];
      return units.map((unitId) => ({ instructionId, version, unitId }));
    });
  if (lines.length > 0)
    await tx.query(
      `INSERT INTO instruction_acknowledgement (instruction_id, version, unit_id, command, actor)
       SELECT r."instructionId", r.version, r."unitId", $1, $2
         FROM jsonb_to_recordset($3::jsonb) AS r("instructionId" int, version int, "unitId" int)
       ON CONFLICT ON CONSTRAINT instruction_acknowledgement_once DO NOTHING`,
      [context.command, tx.ctx.actor, JSON.stringify(lines)],
    );
  return shown;
}
