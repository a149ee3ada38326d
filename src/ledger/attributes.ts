/** How a unit is described now, and who said so: its own attributes with their definitions. */
import { formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';

export interface UnitAttribute {
  name: string;
  /** of its definition; else the name */
  label: string;
  type: string;
  value: string | number | boolean;
  uom: string | null;
  /** what a choice may be */
  choices: string[] | null;
  /** the event that says so, and when that was */
  event: string;
  at: string;
}

interface Row {
  name: string;
  label: string | null;
  defined: string | null;
  type: string;
  value: string;
  uom: string | null;
  choices: string[] | null;
  event_id: number;
  at_from: number;
}

/** The attributes that hold for a unit now, by name; what was said before is in its history. */
export async function attributesOf(q: Queryable, unitId: number): Promise<UnitAttribute[]> {
  const rows = await q.query<Row>(
    `SELECT u.name, d.label, d.type AS defined, u.type, u.value, d.uom, d.choices, said.event_id, said.at_from
       FROM unit_attribute u LEFT JOIN attribute d ON d.name = u.name
       CROSS JOIN LATERAL (SELECT a.event_id, a.at_from FROM attribute_value a JOIN event e USING (event_id)
                            WHERE a.unit_id = u.unit_id AND a.name = u.name AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)
                            ORDER BY a.at_from DESC, a.at_until DESC, e.source DESC, e.client_id DESC LIMIT 1) said
      WHERE u.unit_id = $1 ORDER BY u.name`,
    [unitId],
  );
  return rows.map((r) => ({
    name: r.name,
    label: r.label ?? r.name,
    type: r.defined ?? r.type,
    value: jsonValue(r.type, r.value),
    uom: r.uom,
    choices: r.choices,
    event: `e${r.event_id}`,
    at: formatTime(r.at_from),
  }));
}

/** A kept value as JSON has it. */
export function jsonValue(type: string, value: string): string | number | boolean {
  return type === 'number' ? Number(value) : type === 'boolean' ? value === 'true' : value;
}
