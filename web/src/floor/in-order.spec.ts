import { InOrder } from './in-order';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('scans in order', () => {
  it('handles twenty that come at once one after the other, each once', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let atOnce = 0;
    let atOnceMax = 0;
    const queue = new InOrder<number>(async (n) => {
      begun.push(n);
      atOnceMax = Math.max(atOnceMax, ++atOnce);
      for (let i = 0; i < n % 3; i++) await turn();
      atOnce--;
      ended.push(n);
    });
    const all = Array.from({ length: 20 }, (_, n) => n);
    for (const n of all) queue.push(n);
    while (ended.length < 20) await turn();
    expect(begun).toEqual(all);
    expect(ended).toEqual(all);
    expect(atOnceMax).toBe(1);
  });

  it('goes on after one that failed', async () => {
    const ended: string[] = [];
    const queue = new InOrder<string>(async (code) => {
      if (code === 'bad') throw new Error('refused');
      ended.push(code);
    });
    for (const code of ['a', 'bad', 'b']) queue.push(code);
    while (ended.length < 2) await turn();
    expect(ended).toEqual(['a', 'b']);
  });

  it('gives back what was not begun when it stops, so that nothing is lost', async () => {
    let go: () => void = () => undefined;
    const begun: string[] = [];
    const queue = new InOrder<string>((code) => {
      begun.push(code);
      return new Promise<void>((resolve) => (go = resolve));
    });
    for (const code of ['a', 'b', 'c']) queue.push(code);
    expect(queue.size).toBe(2);
    expect(queue.stop()).toEqual(['b', 'c']);
    go();
    await turn();
    expect(begun).toEqual(['a']);
  });
});
