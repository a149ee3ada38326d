// One peer: asked over messages by lib/peer.mjs.
import { setHash, timed } from '../lib/measure.mjs';

const peer = await import(`./${process.argv[2]}.mjs`).catch((error) => ({ problem: error }));
let graph;

process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  try {
    process.send(await answer(message));
  } catch (error) {
    process.send({ error: String(error.message ?? error).split('\n')[0] });
  }
});

async function answer({ do: what, settings, variant, seed }) {
  if (peer.problem) throw peer.problem;
  if (what === 'open') {
    const { ms, result } = await timed(() => peer.open(settings));
    graph = result;
    return { ms, version: graph.version };
  }
  if (what === 'count') {
    const { ms, result } = await timed(() => graph.count(variant, seed));
    return { ms, count: Number(result) };
  }
  const ids = await graph.ids(variant, seed);
  return { count: ids.length, hash: setHash(ids) };
}
