/** The summary graph: one node an item or a lot, never single units by the thousand. Its table twin shows the same. */
import '@xyflow/react/dist/style.css';
import { Button, SegmentedControl, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { graphQuery } from '~/api/queries';
import type { Graph, GraphNode } from '~/api/types';
import { Amount, count, quantityText } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { Empty, ErrorBox, Loading } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';
import { usePanel } from './panel-way';
import { layOut, LayoutTimeout, NODE_HEIGHT, NODE_WIDTH, type Layout } from './layout';

const route = getRouteApi('/app/traces/$trace');
type Box = Node<{ node: GraphNode; open: (node: GraphNode) => void }, 'box'>;

const nodeWords = (node: GraphNode): string =>
  `${node.item}${node.lot ? ` ${node.lot}` : ''}, ${text.graph.units(count(node.units))}, ${node.certain} ${text.certainty.certain}, ${node.possible} ${text.certainty.possible}`;

function Shares({ node }: { node: GraphNode }) {
  return (
    <span className="graph-counts">
      <strong>{count(node.units)}</strong>
      {node.certain > 0 ? (
        <span title={text.certainty.certain}>
          <Glyph shape="full" tone="certain" /> {count(node.certain)}
          <span className="sr-only">{text.certainty.certain}</span>
        </span>
      ) : null}
      {node.possible > 0 ? (
        <span title={text.certainty.possible}>
          <Glyph shape="half" tone="possible" /> {count(node.possible)}
          <span className="sr-only">{text.certainty.possible}</span>
        </span>
      ) : null}
    </span>
  );
}

function BoxNode({ data }: NodeProps<Box>) {
  const { node, open } = data;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`graph-node${node.seed ? ' seed' : ''}${node.certain === 0 ? ' possible' : ''}`}
        style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
        onClick={() => open(node)}
        aria-label={nodeWords(node)}
      >
        <span className="graph-title">
          <span className="item-code">{node.item}</span> {node.lot ? <span className="code">{node.lot}</span> : null}
          {node.seed ? <span className="tag seed-tag">{text.graph.seed}</span> : null}
        </span>
        <span className="graph-label">{node.name ?? node.label}</span>
        <span className="graph-line">
          <Shares node={node} />
          {node.quantity ? <span className="dim">{quantityText(node.quantity)}</span> : null}
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

const nodeTypes = { box: BoxNode };

function Drawing({ graph, layout, open }: { graph: Graph; layout: Layout; open: (node: GraphNode) => void }) {
  const scheme = useComputedColorScheme('light');
  const nodes = useMemo<Box[]>(() => {
    const at = new Map(layout.nodes.map((placed) => [placed.id, placed]));
    return graph.nodes.map((node) => ({
      id: node.id,
      type: 'box',
      position: { x: at.get(node.id)?.x ?? 0, y: at.get(node.id)?.y ?? 0 },
      data: { node, open },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      draggable: false,
      focusable: false,
    }));
  }, [graph, layout, open]);
  const edges = useMemo<Edge[]>(
    () =>
      graph.edges.map((edge, index) => ({
        id: `e${index}`,
        source: edge.from,
        target: edge.to,
        label: edge.quantity ? quantityText(edge.quantity) : text.graph.links(count(edge.links)),
        markerEnd: { type: MarkerType.ArrowClosed },
        focusable: false,
      })),
    [graph],
  );
  return (
    <div className="graph-canvas" data-testid="graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.05}
        nodesConnectable={false}
        elementsSelectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        proOptions={{ hideAttribution: true }}
        aria-label={text.graph.title}
      >
        <Background gap={24} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function TableTwin({ graph, open }: { graph: Graph; open: (node: GraphNode) => void }) {
  const names = new Map(graph.nodes.map((node) => [node.id, `${node.item}${node.lot ? ` ${node.lot}` : ''}`]));
  const into = new Map<string, string[]>();
  for (const edge of graph.edges) {
    const line = `${names.get(edge.from) ?? edge.from} (${edge.quantity ? quantityText(edge.quantity) : text.graph.links(count(edge.links))})`;
    into.set(edge.to, [...(into.get(edge.to) ?? []), line]);
  }
  const rows = [...graph.nodes].sort((a, b) => a.level - b.level || names.get(a.id)!.localeCompare(names.get(b.id)!));
  return (
    <div className="table-scroll plain-scroll" tabIndex={0} role="region" aria-label={text.graph.table}>
      <PlainTable
        className="graph-table"
        columns={[
          { header: text.col.step, cell: (node) => node.level },
          {
            header: text.col.what,
            cell: (node) => (
              <>
                <button type="button" className="link-button" onClick={() => open(node)}>
                  {names.get(node.id)}
                </button>
                {node.seed ? <span className="tag seed-tag">{text.graph.seed}</span> : null}
              </>
            ),
          },
          { header: text.col.name, cell: (node) => node.name ?? node.label },
          { header: text.col.units, align: 'right', cell: (node) => count(node.units) },
          { header: text.certainty.certain, align: 'right', cell: (node) => count(node.certain) },
          { header: text.certainty.possible, align: 'right', cell: (node) => count(node.possible) },
          {
            header: text.col.quantity,
            align: 'right',
            cell: (node) => (node.quantity ? <Amount quantity={node.quantity} /> : null),
          },
          { header: text.col.from, cell: (node) => (into.get(node.id) ?? []).join('; ') },
        ]}
        rows={rows}
        rowKey={(node) => node.id}
      />
    </div>
  );
}

export function GraphTab({ id }: { id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const by = search.by ?? 'item';
  const query = useQuery(graphQuery(id, by));
  const graph = query.data;
  const [layout, setLayout] = useState<{ of: Graph; layout: Layout } | null>(null);
  const [problem, setProblem] = useState<{ of: Graph; slow: boolean } | null>(null);
  const asTable = search.view === 'table';

  useEffect(() => {
    if (!graph || asTable || graph.nodes.length === 0) return;
    const stop = new AbortController();
    layOut(graph, stop.signal).then(
      (done) => setLayout({ of: graph, layout: done }),
      (error: unknown) => {
        if (!stop.signal.aborted) setProblem({ of: graph, slow: error instanceof LayoutTimeout });
      },
    );
    return () => stop.abort();
  }, [graph, asTable]);

  const panel = usePanel();
  const { open: openPanel } = panel;
  // A lot opens beside the graph, and nothing is lost; an item stands for many units, and is the filter of their list.
  const open = useMemo(
    () => (node: GraphNode) =>
      node.lot
        ? openPanel({ id: node.id, unit: { item: node.item, lot: node.lot } })
        : void navigate({ search: (was: Search) => ({ ...was, tab: undefined, item: node.item, q: undefined }) }),
    [navigate, openPanel],
  );

  if (query.isPending) return <Loading />;
  if (query.error || !graph) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const failed = problem?.of === graph;
  return (
    <>
      <div className="filter-bar">
        <SegmentedControl
          aria-label={text.graph.by}
          value={by}
          onChange={(value) =>
            void navigate({
              search: (was: Search) => ({ ...was, by: value === 'lot' ? 'lot' : undefined }),
              replace: true,
              resetScroll: false,
            })
          }
          data={[
            { value: 'item', label: text.graph.byItem },
            { value: 'lot', label: text.graph.byLot },
          ]}
        />
        <span className="dim" data-testid="graph-shown">
          {text.graph.shown(count(graph.shown.nodes), count(graph.shown.of))}
          {graph.shown.nodes < graph.shown.of ? ` ${text.graph.rest}` : ''}
        </span>
        <span className="filter-end">
          <Button
            variant="default"
            onClick={() =>
              void navigate({
                search: (was: Search) => ({ ...was, view: asTable ? undefined : 'table' }),
                replace: true,
                resetScroll: false,
              })
            }
          >
            {asTable ? text.graph.asGraph : text.graph.asTable}
          </Button>
        </span>
      </div>
      {failed && !asTable ? <p className="problem">{problem.slow ? text.graph.tooSlow : text.graph.failed}</p> : null}
      {graph.nodes.length === 0 ? <Empty title={text.graph.none} /> : null}
      {graph.nodes.length > 0 && (asTable || failed) ? <TableTwin graph={graph} open={open} /> : null}
      {graph.nodes.length > 0 && !asTable && !failed ? (
        layout?.of === graph ? (
          <Drawing graph={graph} layout={layout.layout} open={open} />
        ) : (
          <Loading label={text.graph.layingOut} />
        )
      ) : null}
    </>
  );
}
