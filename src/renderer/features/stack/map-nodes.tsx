import { VisuallyHidden } from '@mantine/core';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { useModelsSnapshot } from '../../rpc/mirrors.ts';
import { formatBytes, formatPercent } from '../../ui/format.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { MODEL_ID } from './map-layers.ts';
import classes from './map-nodes.module.css';
import { modelText } from './model-text.ts';
import { ServiceMarks } from './service-marks.tsx';
import { isHealthy, isUp, serviceTone } from './service-state.ts';
import { portsText, replicasText, serviceStateText } from './service-text.ts';
import { Sparkline } from './sparkline.tsx';
import { selectNode, useStackUi } from './stack-ui-store.ts';
import { useServiceHistory } from './use-stats.ts';

const SPARK_WIDTH = 170;

export type ServiceNodeType = Node<
  { service: ServiceSnapshot; isSandbox: boolean; compact: boolean },
  'service'
>;

/** A node is a button: Tab reaches it, Enter opens its details. */
function NodeButton({ id, muted, children }: { id: string; muted?: boolean; children: ReactNode }) {
  const isSelected = useStackUi((state) => state.selected === id);
  return (
    <button
      type="button"
      className={classes.node}
      aria-pressed={isSelected}
      data-muted={muted || undefined}
      onClick={() => selectNode(isSelected ? undefined : id)}
    >
      {children}
    </button>
  );
}

export function ServiceNode({ data }: NodeProps<ServiceNodeType>) {
  const { t } = useTranslation('stack');
  const { service, isSandbox, compact } = data;
  const state = serviceStateText(t, service);
  const isPlain = isUp(service.state) && isHealthy(service.state);
  const kind = replicasText(service) || (service.role === 'other' ? '' : t(`kind.${service.role}`));
  const tone = service.inactive ? 'idle' : serviceTone(service.state);
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
      <NodeButton id={service.name} muted={!isUp(service.state) && tone === 'idle'}>
        <span className={classes.title}>
          <StatusDot tone={tone} />
          <b>{service.name}</b>
          {compact && <ServiceMarks service={service} />}
          {isUp(service.state) && !isPlain ? <span data-tone={tone}>{state}</span> : <span>{kind}</span>}
        </span>
        {isUp(service.state) ? (
          <ServiceLoad service={service} state={state} isSandbox={isSandbox} compact={compact} />
        ) : (
          <span className={classes.state} data-tone={tone}>
            {state}
          </span>
        )}
        {!compact && (service.ports.length > 0 || service.drift || service.orphan) && (
          <span className={classes.foot}>
            <span className={classes.ports}>{portsText(service)}</span>
            <ServiceMarks service={service} />
          </span>
        )}
      </NodeButton>
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
    </>
  );
}

interface ServiceLoadProps {
  readonly service: ServiceSnapshot;
  readonly state: string;
  readonly isSandbox: boolean;
  readonly compact: boolean;
}

function ServiceLoad({ service, state, isSandbox, compact }: ServiceLoadProps) {
  const stats = useServiceHistory(service.name)?.latest;
  if (!stats) return <span className={classes.state}>{state}</span>;
  // Local processes run without the limits that the files ask for.
  const limit = isSandbox ? undefined : (stats.memoryLimitBytes ?? service.limits.memoryBytes);
  return (
    <>
      <VisuallyHidden>{state}</VisuallyHidden>
      {!compact && <Sparkline service={service.name} width={SPARK_WIDTH} />}
      <span className={classes.row}>
        <span className={classes.cpu}>{formatPercent(stats.cpuPercent)} CPU</span>
        <span className={classes.memory}>
          {formatBytes(stats.memoryBytes)}
          {!compact && limit !== undefined && ` / ${formatBytes(limit)}`}
        </span>
      </span>
    </>
  );
}

export function ClientsNode() {
  const { t } = useTranslation('stack');
  const count = useModelsSnapshot()?.queue?.inFlight ?? 0;
  return (
    <div className={classes.clients}>
      <b>{t('map.clients')}</b>
      <span>{count > 0 ? t('map.clientsNow', { count }) : t('map.clientsIdle')}</span>
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
    </div>
  );
}

export function ModelNode() {
  const { t } = useTranslation('stack');
  const models = useModelsSnapshot();
  const text = modelText(t, models);
  const state = t(`model.${models?.serving.kind ?? 'gateway_not_running'}`);
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
      <NodeButton id={MODEL_ID} muted={models?.serving.kind !== 'ready'}>
        <span className={classes.title}>
          <StatusDot tone={text.tone} />
          <b>{text.name}</b>
          <span>{text.where}</span>
        </span>
        <span className={classes.state}>{text.model}</span>
        <span className={classes.ports}>{state}</span>
      </NodeButton>
    </>
  );
}
