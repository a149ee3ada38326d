import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@/kernel';
import { type Context, UnitOfWork } from '@/platform/db';
import { Fields } from '@/reference/master';
import type { ReasonView } from '../queries';

/** Creates or changes a reason by its code; the same again changes nothing. */
@Injectable()
export class PutReason {
  constructor(private readonly uow: UnitOfWork) {}

  execute(
    ctx: Context,
    code: string,
    body: { kind: 'hold' | 'disposition'; text: string; retired?: boolean },
  ): Promise<ReasonView> {
    const fields = new Fields({ code, text: body.text }, ['code', 'text']);
    const after = {
      code: fields.code('code'),
      kind: body.kind,
      text: fields.required('text', 2_000),
      retired: body.retired ?? false,
    };
    return this.uow.run(ctx, async (tx) => {
      const [before] = await tx.query<ReasonView>(
        `SELECT code, kind, text, retired FROM reason WHERE code = $1 FOR UPDATE`,
        [after.code],
      );
      if (before && canonicalJson(before) === canonicalJson(after)) return after;
      await tx.query(
        `INSERT INTO reason (code, kind, text, retired) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, text = excluded.text, retired = excluded.retired`,
        [after.code, after.kind, after.text, after.retired],
      );
      await tx.audit({ action: 'put-reason', subject: `reason:${after.code}`, ...(before && { before }), after });
      return after;
    });
  }
}
