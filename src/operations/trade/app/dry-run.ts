import { Context, Tx, UnitOfWork } from '@/platform/db';

class Undone<T> extends Error {
  constructor(readonly answer: T) {
    super('undone on purpose');
  }
}

/** Does the work of a command and takes all of it back: what it would answer, or what it would be refused for. */
export async function dryRun<T>(uow: UnitOfWork, ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await uow.run(ctx, async (tx): Promise<T> => {
      throw new Undone(await work(tx));
    });
  } catch (error) {
    if (error instanceof Undone) return error.answer as T;
    throw error;
  }
}
