/** Where the queue of work lives: on this computer, so that it survives a reload, a crash and a lost connection. */
import type { NewWork, QueuedWork } from './queue-rules';

export interface WorkStore {
  all(): Promise<QueuedWork[]>;
  add(work: NewWork): Promise<QueuedWork>;
  /** Reads all and changes some in one step, which no other window can come between. */
  change<R>(by: (works: QueuedWork[]) => { put?: QueuedWork[]; remove?: number[]; result: R }): Promise<R>;
}

const fresh = (work: NewWork): Omit<QueuedWork, 'seq'> => ({
  ...work,
  state: 'waiting',
  tries: 0,
  claim: null,
  problem: null,
  answer: null,
  reason: null,
});

/** For as long as the page lives: where a browser forbids its database, work still goes out in order. */
export class MemoryStore implements WorkStore {
  private works: QueuedWork[] = [];
  private seq = 0;

  async all(): Promise<QueuedWork[]> {
    return [...this.works];
  }

  async add(work: NewWork): Promise<QueuedWork> {
    const added = { ...fresh(work), seq: ++this.seq };
    this.works.push(added);
    return added;
  }

  async change<R>(by: (works: QueuedWork[]) => { put?: QueuedWork[]; remove?: number[]; result: R }): Promise<R> {
    const { put = [], remove = [], result } = by([...this.works]);
    const changed = new Map(put.map((work) => [work.seq, work]));
    this.works = this.works.filter((work) => !remove.includes(work.seq)).map((work) => changed.get(work.seq) ?? work);
    return result;
  }
}

const NAME = 'unitrail';
const WORKS = 'work';

const done = <R>(request: IDBRequest<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
const complete = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'));
  });

class IndexedStore implements WorkStore {
  constructor(private readonly database: IDBDatabase) {}

  all(): Promise<QueuedWork[]> {
    return done(this.database.transaction(WORKS).objectStore(WORKS).getAll() as IDBRequest<QueuedWork[]>);
  }

  async add(work: NewWork): Promise<QueuedWork> {
    const transaction = this.open();
    const seq = await done(transaction.objectStore(WORKS).add(fresh(work)));
    await complete(transaction);
    return { ...fresh(work), seq: Number(seq) };
  }

  async change<R>(by: (works: QueuedWork[]) => { put?: QueuedWork[]; remove?: number[]; result: R }): Promise<R> {
    const transaction = this.open();
    const over = complete(transaction);
    const store = transaction.objectStore(WORKS);
    const { put = [], remove = [], result } = by(await done(store.getAll() as IDBRequest<QueuedWork[]>));
    for (const work of put) store.put(work);
    for (const seq of remove) store.delete(seq);
    await over;
    return result;
  }

  /** Written through to the disk before it counts: what a person was told is kept must be. */
  private open(): IDBTransaction {
    return this.database.transaction(WORKS, 'readwrite', { durability: 'strict' });
  }
}

export async function openWorkStore(): Promise<{ store: WorkStore; lasting: boolean }> {
  try {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(WORKS, { keyPath: 'seq', autoIncrement: true });
    };
    return { store: new IndexedStore(await done(request)), lasting: true };
  } catch {
    return { store: new MemoryStore(), lasting: false };
  }
}
