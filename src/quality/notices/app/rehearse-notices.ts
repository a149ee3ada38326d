import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError } from '@/kernel';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { AdvanceRecall, recallFor, SignRecall } from '@/quality/recalls';
import { READY } from '../queries/notices';
import { DraftNotices } from './draft-notices';
import type { SendInput } from './send-notices';

/** What a drill has instead of sending: its notices are drafted and counted, and the drill goes on as if they had gone out. */
@Injectable()
export class RehearseNotices {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly drafts: DraftNotices,
    private readonly sign: SignRecall,
    private readonly advance: AdvanceRecall,
  ) {}

  /** Throws NOT_FOUND, RECALL_STATE, RECALL_NO_DRILL, NOTICES_CHANGED, and what signing throws. */
  execute(ctx: Context, input: SendInput): Promise<{ recall: string; state: string; notices: number }> {
    const { id, recall, expected } = input;
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'rehearse-notices', content: { recall, expected } }, () => this.within(tx, input)),
    );
  }

  private async within(tx: Tx, { recall: key, expected, signature: typed }: SendInput) {
    const recall = await recallFor(tx, key, 'monitor');
    if (!recall.drill) throw new DomainError('RECALL_NO_DRILL', { recall: key });
    await this.drafts.within(tx, recall);
    const [ready] = await tx.query<{ notices: number }>(
      `SELECT count(*)::int AS notices FROM recall_notice n WHERE ${READY}`,
      [recall.recallId],
    );
    const notices = ready?.notices ?? 0;
    if (notices !== expected) throw new DomainError('NOTICES_CHANGED', { notices, expected });
    const digest = createHash('sha256')
      .update(canonicalJson({ recall: key, version: recall.version, notices }))
      .digest('hex');
    const signature = await this.sign.within(tx, recall, {
      ...typed,
      subject: 'notices',
      version: recall.version,
      digest,
    });
    const note = `${notices} notices drafted, none sent: a drill`;
    const { state } = await this.advance.within(tx, recall, 'monitor', { signature, note });
    return { recall: key, state, notices };
  }
}
