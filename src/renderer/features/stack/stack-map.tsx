import '@xyflow/react/dist/base.css';
import { type Edge, type Node, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { useModelsSnapshot } from '../../rpc/mirrors.ts';
import { MapLaneEdge } from './map-edge.tsx';
import { isCompact, layoutMap, type MapLayout } from './map-layout.ts';
import { ClientsNode, ModelNode, ServiceNode } from './map-nodes.tsx';
import { MapZoom } from './map-zoom.tsx';
import { isHealthy } from './service-state.ts';
import classes from './stack-map.module.css';
import { selectNode } from './stack-ui-store.ts';

const NODE_TYPES = { clients: ClientsNode, service: ServiceNode, model: ModelNode };
const EDGE_TYPES = { lane: MapLaneEdge };
const SIDE = '26px';
/** Under the buttons of a large map. */
const UNDER_BUTTONS = '46px';
const MIN_ZOOM = 0.55;
/** Room for the addresses at the foot, or for the notice that stands there while the stack is stopped. */
const fitOptions = (hasNotice: boolean, compact: boolean) => ({
  padding: {
    top: compact ? UNDER_BUTTONS : SIDE,
    right: SIDE,
    bottom: hasNotice ? '126px' : '64px',
    left: SIDE,
  } as const,
  maxZoom: 1,
  // Below that nobody reads it: then it is moved about instead.
  minZoom: compact ? MIN_ZOOM : 0.4,
});

interface StackMapProps {
  readonly services: readonly ServiceSnapshot[];
  readonly hasNotice: boolean;
  readonly isSandbox: boolean;
}

/** Services as they are, and the way a request takes through them. */
export function StackMap(props: StackMapProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ services, hasNotice, isSandbox }: StackMapProps) {
  const { t } = useTranslation('stack');
  const holder = useRef<HTMLDivElement>(null);
  const { fitView } = useReactFlow();
  const isBusy = (useModelsSnapshot()?.queue?.inFlight ?? 0) > 0;
  const shape = JSON.stringify(
    services.map(({ name, role, dependsOn, available, inactive }) => ({
      name,
      role,
      dependsOn,
      available: available && !inactive,
    })),
  );
  const compact = isCompact(services.length);
  // Snapshots come twenty times a second while something runs; the layout hangs only on what there is.
  const layout = useMemo<MapLayout>(() => layoutMap(JSON.parse(shape)), [shape]);
  const nodes = useMemo(
    () => toNodes(layout, services, { isSandbox, compact }),
    [layout, services, isSandbox, compact],
  );
  const edges = useMemo(() => toEdges(layout, services), [layout, services]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout has to be fitted anew
  useEffect(() => {
    if (!holder.current) return;
    const observer = new ResizeObserver(() => void fitView(fitOptions(hasNotice, compact)));
    observer.observe(holder.current);
    return () => observer.disconnect();
  }, [fitView, layout, hasNotice, compact]);

  return (
    <section className={classes.map} data-busy={isBusy || undefined} ref={holder} aria-label={t('map.label')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        zoomOnScroll={false}
        panOnScroll={compact}
        preventScrolling={compact}
        minZoom={0.3}
        maxZoom={1.4}
        onPaneClick={() => selectNode(undefined)}
        fitView
        fitViewOptions={fitOptions(hasNotice, compact)}
      />
      {compact && <MapZoom onFit={() => void fitView(fitOptions(hasNotice, compact))} />}
    </section>
  );
}

interface NodeLook {
  readonly isSandbox: boolean;
  readonly compact: boolean;
}

function toNodes(layout: MapLayout, services: readonly ServiceSnapshot[], look: NodeLook): Node[] {
  return layout.nodes.flatMap(({ id, kind, x, y, width, height }) => {
    const service = services.find((candidate) => candidate.name === id);
    if (kind === 'service' && !service) return [];
    return [{ id, type: kind, position: { x, y }, width, height, data: { service, ...look } }];
  });
}

function toEdges(layout: MapLayout, services: readonly ServiceSnapshot[]): Edge[] {
  const isDown = (id: string) => services.some((service) => service.name === id && !isHealthy(service.state));
  return layout.edges.map((edge) => {
    const isLive = !isDown(edge.source) && !isDown(edge.target);
    const { via, ...rest } = edge;
    const className = [classes.edge, edge.isHot && isLive ? classes.hot : ''].join(' ');
    return via === undefined ? { ...rest, className } : { ...rest, className, type: 'lane', data: { via } };
  });
}
