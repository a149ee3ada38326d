import { Injectable } from '@nestjs/common';
import { once } from '@/platform/commands';
import { Context, RaceLost, Tx, UnitOfWork } from '@/platform/db';

/** An answer that changes nothing: what was begun is taken back, and the id stays free for the next try. */
export class Nothing<T> extends Error {
  constructor(readonly answer: T) {
    super('nothing was changed');
  }
}

/** Every verb of the floor goes through here: once for one id of the client, in one transaction. */
@Injectable()
export class Commands {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Runs `work` once for the id of a client: sent again, it is answered as the first time and nothing happens. Throws
   * COMMAND_ID_REUSED where the id came with other content, and whatever `work` throws.
   */
  async run<T>(ctx: Context, verb: string, id: string, content: unknown, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.uow.run(ctx, (tx) => once(tx, { id, verb, content }, () => work(tx).catch(again)));
    } catch (error) {
      if (error instanceof Nothing) return error.answer as T;
      throw error;
    }
  }
}

/** Another one was first with a unique key: the next try sees it, and says who it was. */
function again(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505') throw new RaceLost(`unique key: ${constraint}`);
  throw error;
}
