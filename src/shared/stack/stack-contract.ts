import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { planViewSchema } from './plan-view.ts';
import { runRecordSchema } from './run-record.ts';
import { endpointSchema, stackSnapshotSchema } from './stack-snapshot.ts';

const operationStarted = z.object({ operationId: z.string() });

export const stackContract = {
  /** The snapshot now, then every change (coalesced to at most 20 a second). */
  subscribe: procedure.input(z.object({})).output(eventIterator(stackSnapshotSchema)),
  plan: procedure.input(z.object({ direction: z.enum(['up', 'down']) })).output(planViewSchema),
  /** Returns at once; the run is followed through the snapshot. A second call while one runs returns the same id. */
  start: procedure.input(z.object({})).output(operationStarted),
  stop: procedure.input(z.object({})).output(operationStarted),
  restart: procedure.input(z.object({ service: z.string().max(128).optional() })).output(operationStarted),
  cancel: procedure.input(z.object({ operationId: z.string().max(64) })).output(z.object({})),
  runs: procedure
    .input(z.object({ limit: z.number().int().min(1).max(50).default(20) }))
    .output(z.array(runRecordSchema)),
  /** Drops the connection state and tries the engine again now. */
  reconnect: procedure.input(z.object({})).output(z.object({})),
  openEndpoint: procedure.input(z.object({ id: endpointSchema.shape.id })).output(z.object({})),
  openWorkspace: procedure.input(z.object({})).output(z.object({})),
  /** Moves the published port that is taken to the next free one, written to `.env`. */
  moveBusyPort: procedure
    .input(z.object({ port: z.number().int().min(1).max(65535) }))
    .output(z.object({ variable: z.string(), port: z.number() })),
};
