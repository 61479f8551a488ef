import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import type { LaidOutEdge } from './map-layers.ts';

export type LaneEdge = Edge<{ via: NonNullable<LaidOutEdge['via']> }, 'lane'>;

/** A line that goes level through its lanes, and in soft curves between them. */
export function MapLaneEdge({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<LaneEdge>) {
  let [x, y] = [sourceX, sourceY];
  let path = `M${x},${y}`;
  const curveTo = (toX: number, toY: number) => {
    const middle = (x + toX) / 2;
    path += ` C${middle},${y} ${middle},${toY} ${toX},${toY}`;
    [x, y] = [toX, toY];
  };
  for (const lane of data?.via ?? []) {
    curveTo(lane.x, lane.y);
    x = lane.x + lane.width;
    path += ` H${x}`;
  }
  curveTo(targetX, targetY);
  return <BaseEdge path={path} />;
}
