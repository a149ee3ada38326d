/** The summary graph of a trace: groups of units as nodes, the links between them as edges with their quantities. Pure. */
import { formatDecimal, parseDecimal } from '@/kernel';
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

const ONE = parseDecimal('1');

/** Units that are one node. */
export interface Group {
  node: GraphNode;
  uom: string;
  sum: bigint | null;
  /** exact pieces of one beside the sum: counted, since most units are serials */
  ones: number;
  /** links out of it, by the node that they go to */
  out: Map<Group, Bundle>;
}

interface Bundle {
  from: Group;
  to: Group;
  links: number;
  sum: bigint | null;
  ones: number;
  /** a row of inputs → how often it is in each output so far, and how often it was counted */
  rows: Map<string, { in: Map<number, number>; counted: number }>;
}

export class GraphSummary {
  private readonly groups = new Map<string, Group>();
  private readonly ofUnit: (Group | undefined)[];

  constructor(
    private readonly by: GraphKind,
    rows = 0,
  ) {
    this.ofUnit = new Array<Group | undefined>(rows).fill(undefined);
  }

  addUnit(row: number, unit: GraphUnit): void {
    this.put(row, this.groupOf(unit), unit);
  }

  /** The node that stands for a unit, made where it is the first. */
  groupOf(unit: Omit<GraphUnit, 'certain' | 'quantity'>): Group {
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
      this.groups.set(id, (group = { node, uom: unit.uom, sum: 0n, ones: 0, out: new Map() }));
    }
    return group;
  }

  /** Counts a unit in its node. */
  put(row: number, group: Group, unit: Pick<GraphUnit, 'certain' | 'depth' | 'seed' | 'quantity'>): void {
    this.count(row, group, unit.certain, unit.depth, unit.seed);
    group.sum = group.sum === null || unit.quantity === null ? null : group.sum + unit.quantity;
  }

  /** The same for exactly one piece. */
  putOne(row: number, group: Group, certain: boolean, depth: number): void {
    this.count(row, group, certain, depth, depth === 0);
    group.ones++;
  }

  private count(row: number, group: Group, certain: boolean, depth: number, seed: boolean): void {
    const { node } = group;
    node.units++;
    if (certain) node.certain++;
    else node.possible++;
    if (depth < node.level) node.level = depth;
    if (seed) node.seed = true;
    this.ofUnit[row] = group;
  }

  /**
   * A link between units that were added; between others it is nothing. `row`: the recorded row of inputs, where more links
   * come of it than this one: its quantity went into all of its outputs together, and counts once.
   */
  addLink(inputRow: number, outputRow: number, quantity: bigint | null, row?: string): void {
    const from = this.ofUnit[inputRow];
    if (!from) return;
    const to = this.ofUnit[outputRow];
    if (!to) return;
    let bundle = from.out.get(to);
    if (!bundle) from.out.set(to, (bundle = { from, to, links: 0, sum: 0n, ones: 0, rows: new Map() }));
    bundle.links++;
    if (row !== undefined && isCounted(bundle, row, outputRow)) return;
    if (quantity === ONE) bundle.ones++;
    else bundle.sum = bundle.sum === null || quantity === null ? null : bundle.sum + quantity;
  }

  /** Nodes so far. */
  get nodes(): number {
    return this.groups.size;
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
      nodes: shown.map((g) => ({ ...g.node, quantity: quantityOf(g, g.uom) })),
      edges: [...this.groups.values()]
        .flatMap((g) => (ids.has(g.node.id) ? [...g.out.values()] : []))
        .filter((b) => ids.has(b.to.node.id))
        .map((b) => ({
          from: b.from.node.id,
          to: b.to.node.id,
          links: b.links,
          quantity: quantityOf(b, b.from.uom),
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

function quantityOf({ sum, ones }: { sum: bigint | null; ones: number }, uom: string): Quantity | null {
  return sum === null ? null : { value: formatDecimal(sum + BigInt(ones) * ONE), uom };
}
