import { z } from 'zod';
import { appErrorDataSchema } from '../errors/app-error-data.ts';
import { phraseSchema } from '../errors/phrases/phrase-schema.ts';
import { causeSchema, planViewSchema } from './plan-view.ts';
import { RUN_KINDS, runRecordSchema } from './run-record.ts';

export const engineKindSchema = z.enum(['docker', 'sandbox']);
export type EngineKind = z.output<typeof engineKindSchema>;

export const engineStatusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connecting'), engine: engineKindSchema }),
  z.object({
    kind: z.literal('connected'),
    engine: engineKindSchema,
    /** Docker context or `local`. */
    context: z.string(),
    /** Engine version, e.g. `20.10.24`; the app's for the sandbox. */
    version: z.string(),
    apiVersion: z.string().optional(),
  }),
  z.object({ kind: z.literal('unavailable'), engine: engineKindSchema, error: appErrorDataSchema }),
]);
export type EngineStatus = z.output<typeof engineStatusSchema>;

export const serviceStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('absent') }),
  z.object({ kind: z.literal('created') }),
  z.object({ kind: z.literal('starting'), since: z.number().optional() }),
  z.object({ kind: z.literal('running'), since: z.number().optional() }),
  z.object({ kind: z.literal('healthy'), since: z.number().optional() }),
  /** `output` is the probe's own output, newest last. */
  z.object({ kind: z.literal('unhealthy'), since: z.number().optional(), output: z.string() }),
  /** Fewer instances than wanted are as they should be. */
  z.object({ kind: z.literal('degraded'), running: z.number(), wanted: z.number(), output: z.string() }),
  z.object({ kind: z.literal('restarting'), exitCode: z.number().optional() }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('completed') }),
  z.object({
    kind: z.literal('failed'),
    exitCode: z.number().optional(),
    oomKilled: z.boolean().optional(),
    lastLines: z.array(z.string()),
  }),
]);
export type ServiceState = z.output<typeof serviceStateSchema>;

export const publishedPortSchema = z.object({
  hostIp: z.string(),
  hostPort: z.number(),
  containerPort: z.number(),
  protocol: z.enum(['tcp', 'udp', 'sctp']),
});
export type PublishedPort = z.output<typeof publishedPortSchema>;

export const serviceSnapshotSchema = z.object({
  name: z.string(),
  role: z.enum(['gateway', 'file-manager', 'proxy', 'other']),
  /** Image reference, or the command line in the sandbox. */
  image: z.string(),
  state: serviceStateSchema,
  /** Container ids or process ids that stand for this service now. */
  instances: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      number: z.number().optional(),
      state: serviceStateSchema.optional(),
    }),
  ),
  replicas: z.object({ running: z.number(), wanted: z.number() }).optional(),
  /** What runs is not what the files say now. */
  drift: causeSchema.optional(),
  /** A profile that is off keeps it out. */
  inactive: z.boolean().optional(),
  ports: z.array(publishedPortSchema),
  dependsOn: z.array(z.string()),
  /** False for services that this engine does not run (the proxy in the sandbox). */
  available: z.boolean(),
  limits: z.object({ cpus: z.number().optional(), memoryBytes: z.number().optional() }),
  /** Not described by the files any more, but labelled as ours. */
  orphan: z.boolean(),
});
export type ServiceSnapshot = z.output<typeof serviceSnapshotSchema>;

export const endpointSchema = z.object({
  id: z.enum(['gateway', 'gateway-tls', 'file-manager', 'file-manager-tls']),
  url: z.string(),
});
export type Endpoint = z.output<typeof endpointSchema>;

export const stackStateSchema = z.enum([
  'unknown',
  'stopped',
  'starting',
  'running',
  'degraded',
  'stopping',
  'failed',
]);
export type StackState = z.output<typeof stackStateSchema>;

/** All the window needs to draw the stack; sent whole, newest `seq` wins. */
export const stackSnapshotSchema = z.object({
  seq: z.number(),
  project: z.object({
    name: z.string(),
    /** Its folder. */
    workspace: z.string(),
    id: z.string().optional(),
    configFiles: z.array(z.string()).optional(),
    /** Profiles of the files, and which are on. */
    profiles: z.array(z.object({ name: z.string(), active: z.boolean() })).optional(),
    /** What the files ask for and Skilldeck cannot do; Start is refused while there is any. */
    unsupported: z.array(z.object({ place: z.string(), key: z.string(), reason: phraseSchema })).optional(),
    /** What is most likely a mistake in the files: `text` is the variable's name. Nothing is refused because of it. */
    warnings: z
      .array(z.object({ kind: z.enum(['unset_variable']), text: z.string(), places: z.array(z.string()) }))
      .optional(),
  }),
  engine: engineStatusSchema,
  state: stackStateSchema,
  services: z.array(serviceSnapshotSchema),
  networks: z.array(z.object({ name: z.string(), subnet: z.string().optional(), exists: z.boolean() })),
  endpoints: z.array(endpointSchema),
  /** What Start would do now; absent while it cannot be computed. */
  plan: planViewSchema.optional(),
  /** A broken compose file, `.env` or override: nothing can be planned until it is mended. */
  projectError: appErrorDataSchema.optional(),
  /** Asked for, and waiting for the run under way; in the order in which they will run. */
  queue: z
    .array(z.object({ id: z.string(), kind: z.enum(RUN_KINDS), services: z.array(z.string()) }))
    .optional(),
  /** The run under way, else the last one. */
  run: runRecordSchema.optional(),
});
export type StackSnapshot = z.output<typeof stackSnapshotSchema>;
