import { eventIterator } from '@orpc/contract';
import {
  EffectiveConfigSchema,
  GatewayStatusSchema,
  RequestEntrySchema,
  TrafficSampleSchema,
} from '@skilldeck/agent-skills';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { appErrorDataSchema } from '../errors/app-error-data.ts';
import { gatewayKeysContract, gatewaySkillsContract } from './gateway-admin-contract.ts';

export const gatewaySnapshotSchema = z.object({
  seq: z.number(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('not_running') }),
    /** It should be there, and does not answer as it should. */
    z.object({ kind: z.literal('failed'), error: appErrorDataSchema }),
    z.object({ kind: z.literal('live'), status: GatewayStatusSchema }),
  ]),
  /** Oldest first: the last quarter of an hour, without seconds in which nothing was. */
  traffic: z.array(TrafficSampleSchema),
});
export type GatewaySnapshot = z.output<typeof gatewaySnapshotSchema>;

const backendNameSchema = z.string().min(1).max(64);

export const gatewayContract = {
  /** Asks the gateway once a second while somebody reads. */
  subscribe: procedure.input(z.object({})).output(eventIterator(gatewaySnapshotSchema)),
  /** Requests that have ended, newest first, without their words. */
  requests: procedure
    .input(z.object({ limit: z.number().int().min(1).max(500) }))
    .output(z.object({ requests: z.array(RequestEntrySchema) })),
  /** Ends a request that waits or runs; its caller is told so. */
  cancelRequest: procedure.input(z.object({ requestId: z.string().min(1).max(200) })).output(z.object({})),
  /** Begins to load the model of a backend; how far it is, is in the status. */
  loadBackend: procedure.input(z.object({ backend: backendNameSchema })).output(z.object({})),
  /** Frees its memory; refused while it answers requests. The next request loads it again. */
  unloadBackend: procedure.input(z.object({ backend: backendNameSchema })).output(z.object({})),
  /** Every value that the gateway runs by, and where it comes from; of secrets only the names. */
  settings: procedure.input(z.object({})).output(EffectiveConfigSchema),
  clearCache: procedure.input(z.object({})).output(z.object({})),
  keys: gatewayKeysContract,
  skills: gatewaySkillsContract,
};
