/** Tasks as the API shows them. */
import { formatDecimal, formatTime } from '@/kernel';
import { unitRef } from '@/ledger';
import type { LineRecord, TaskRecord } from '../db/tasks';
import { tally } from '../domain/task';

export function viewTask(task: TaskRecord, lines: readonly LineRecord[]) {
  return {
    task: `T-${task.taskId}`,
    kind: task.kind,
    status: task.status,
    priority: task.priority,
    title: task.title,
    instruction: task.instruction,
    assignee: task.assignee,
    role: task.role,
    due: formatTime(task.dueMs),
    ref: task.ref,
    place: task.place,
    item: task.item,
    to: task.to,
    rule: task.rule,
    round: task.round,
    createdAt: task.createdAt.toISOString(),
    createdBy: task.createdBy,
    startedAt: task.startedAt?.toISOString() ?? null,
    finishedAt: task.finishedAt?.toISOString() ?? null,
    finishedBy: task.finishedBy,
    reason: task.reason,
    progress: tally(lines),
  };
}

export function viewLine(line: LineRecord) {
  const quantity = (nanos: bigint | null) =>
    nanos === null || line.uom === null ? null : { value: formatDecimal(nanos), uom: line.uom };
  return {
    line: line.lineId,
    status: line.status,
    id: line.unitId === null ? null : `u${line.unitId}`,
    unit: line.kind === null || line.item === null ? null : unitRef(line.item, line.kind, line.code ?? ''),
    item: line.item,
    name: line.itemName,
    from: line.from,
    to: line.to,
    quantity: quantity(line.quantity),
    done: line.quantity === null ? null : quantity(line.doneQuantity),
    actual: line.actual,
    reason: line.reason,
    doneAt: line.doneAt?.toISOString() ?? null,
    doneBy: line.doneBy,
  };
}
