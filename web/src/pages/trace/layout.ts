/** Layered layout by ELK in a web worker, with a deadline: past it the table is shown, and the page never freezes. */
import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Graph } from '~/api/types';

/** 300 nodes take ELK 0.7 s on a quiet machine; a busy one gets ten times that. */
const DEADLINE_MS = 8000;
export const NODE_WIDTH = 210;
export const NODE_HEIGHT = 74;

export type Placed = { id: string; x: number; y: number };
export type Layout = { nodes: Placed[] };

export class LayoutTimeout extends Error {}

export async function layOut(graph: Graph, signal: AbortSignal): Promise<Layout> {
  const worker = new Worker(workerUrl);
  const elk = new ELK({ workerFactory: () => worker });
  const root: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': '110',
      'elk.spacing.nodeNode': '22',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: graph.nodes.map((node) => ({ id: node.id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: graph.edges.map((edge, index) => ({ id: `e${index}`, sources: [edge.from], targets: [edge.to] })),
  };
  let timer: number | undefined;
  const stop = new Promise<never>((_resolve, reject) => {
    timer = window.setTimeout(() => reject(new LayoutTimeout()), DEADLINE_MS);
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
  });
  try {
    const placed = await Promise.race([elk.layout(root), stop]);
    return { nodes: (placed.children ?? []).map((node) => ({ id: node.id, x: node.x ?? 0, y: node.y ?? 0 })) };
  } finally {
    window.clearTimeout(timer);
    worker.terminate();
  }
}
