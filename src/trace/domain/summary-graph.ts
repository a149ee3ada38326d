/** The summary graph of a trace: groups of units as nodes, the links between them as edges with their quantities. Pure. */
import { formatDecimal } from '@/kernel';
import type { Quantity } from './tally';

export const GRAPH_KINDS = ['item', 'lot', 'unit'] as const;
export type GraphKind = (typeof GRAPH_KINDS)[number];

/** A layout of more nodes than this takes longer than anyone waits, and nobody can read it. */
export const GRAPH_NODES_MAX = 500;

export interface GraphNode {
  id: string;
  label: string;
  item: string;
  name: string;
  lot?: string;
  serial?: string;
  run?: string;
  units: number;
  certain: number;
  possible: number;
  quantity: Quantity | null;
  /** the smallest number of links between a seed and one of its units */
  level: number;
  seed: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  links: number;
  quantity: Quantity | null;
}

export interface SummaryGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  shown: { nodes: number; of: number };
}

export interface GraphUnit {
  unitId: number;
  item: string;
  name: string;
  uom: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  certain: boolean;
  depth: number;
  seed: boolean;
  quantity: bigint | null;
}

interface Group {
  node: GraphNode;
  uom: string;
  sum: bigint | null;
}

interface Bundle {
  from: Group;
  to: Group;
  links: number;
  sum: bigint | null;
  /** a row of inputs → how often it is in each output so far, and how often it was counted */
  rows: Map<string, { in: Map<number, number>; counted: number }>;
}

export class GraphSummary {
  private readonly groups = new Map<string, Group>();
  private readonly ofUnit: Group[] = [];
  private readonly bundles = new Map<string, Bundle>();

  constructor(private readonly by: GraphKind) {}

  addUnit(row: number, unit: GraphUnit): void {
    const single = this.by === 'unit' || (this.by === 'lot' && unit.kind === 'lot');
    const id = single ? `u${unit.unitId}` : unit.item;
    let group = this.groups.get(id);
    if (!group) {
      const node: GraphNode = {
        id,
        label: single ? unit.code : unit.item,
        item: unit.item,
        name: unit.name,
        ...(single ? { [unit.kind]: unit.code } : {}),
        units: 0,
        certain: 0,
        possible: 0,
        quantity: null,
        level: unit.depth,
        seed: false,
      };
      this.groups.set(id, (group = { node, uom: unit.uom, sum: 0n }));
    }
    const { node } = group;
    node.units++;
    if (unit.certain) node.certain++;
    else node.possible++;
    node.level = Math.min(node.level, unit.depth);
    node.seed ||= unit.seed;
    group.sum = group.sum === null || unit.quantity === null ? null : group.sum + unit.quantity;
    this.ofUnit[row] = group;
  }

  /**
   * A link between units that were added; between others it is nothing. `row`: the recorded row of inputs, where more links
   * come of it than this one: its quantity went into all of its outputs together, and counts once.
   */
  addLink(inputRow: number, outputRow: number, quantity: bigint | null, row?: string): void {
    const from = this.ofUnit[inputRow];
    const to = this.ofUnit[outputRow];
    if (!from || !to) return;
    const key = `${from.node.id}\n${to.node.id}`;
    let bundle = this.bundles.get(key);
    if (!bundle) this.bundles.set(key, (bundle = { from, to, links: 0, sum: 0n, rows: new Map() }));
    bundle.links++;
    if (row !== undefined && isCounted(bundle, row, outputRow)) return;
    bundle.sum = bundle.sum === null || quantity === null ? null : bundle.sum + quantity;
  }

  /** Seeds first, then what stands for most units; edges between the nodes that are shown. `of`: how many nodes there are. */
  build(nodesMax: number, of = this.groups.size): SummaryGraph {
    const all = [...this.groups.values()].sort(
      (a, b) =>
        Number(b.node.seed) - Number(a.node.seed) ||
        b.node.units - a.node.units ||
        a.node.level - b.node.level ||
        (a.node.id < b.node.id ? -1 : 1),
    );
    const shown = all.slice(0, nodesMax);
    const ids = new Set(shown.map((g) => g.node.id));
    return {
      nodes: shown.map((g) => ({ ...g.node, quantity: quantityOf(g.sum, g.uom) })),
      edges: [...this.bundles.values()]
        .filter((b) => ids.has(b.from.node.id) && ids.has(b.to.node.id))
        .map((b) => ({
          from: b.from.node.id,
          to: b.to.node.id,
          links: b.links,
          quantity: quantityOf(b.sum, b.from.uom),
        })),
      shown: { nodes: shown.length, of },
    };
  }
}

/** Two equal rows of one event are two links into each of their outputs: the output with most of them says how many rows there are. */
function isCounted({ rows }: Bundle, row: string, output: number): boolean {
  let known = rows.get(row);
  if (!known) rows.set(row, (known = { in: new Map(), counted: 0 }));
  const times = (known.in.get(output) ?? 0) + 1;
  known.in.set(output, times);
  if (times <= known.counted) return true;
  known.counted = times;
  return false;
}

/** A stored graph, with fewer of its nodes. */
export function cutGraph(graph: SummaryGraph, nodesMax: number): SummaryGraph {
  if (graph.nodes.length <= nodesMax) return graph;
  const nodes = graph.nodes.slice(0, nodesMax);
  const ids = new Set(nodes.map((n) => n.id));
  return {
    nodes,
    edges: graph.edges.filter((e) => ids.has(e.from) && ids.has(e.to)),
    shown: { nodes: nodes.length, of: graph.shown.of },
  };
}

function quantityOf(sum: bigint | null, uom: string): Quantity | null {
  return sum === null ? null : { value: formatDecimal(sum), uom };
}
