import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { planViewSchema } from './plan-view.ts';
import { projectIdSchema } from './projects-contract.ts';
import { runRecordSchema } from './run-record.ts';
import { endpointSchema, stackSnapshotSchema } from './stack-snapshot.ts';

const operationStarted = z.object({ operationId: z.string() });
const ofProject = z.object({ projectId: projectIdSchema });
const serviceName = z.string().max(128);
const services = z.array(serviceName).max(500).default([]);
/** How long containers get to stop, in place of their own `stop_grace_period`. */
const stopTimeout = z.number().int().min(0).max(86_400_000);

/** What a start does beyond what the files say. Names are those of `docker compose up`. */
export const upOptionsSchema = z.object({
  /** Empty: all. Their dependencies come along. */
  services,
  build: z.boolean().default(false),
  pull: z.enum(['policy', 'always', 'missing', 'never']).default('policy'),
  forceRecreate: z.boolean().default(false),
  removeOrphans: z.boolean().default(false),
  /** The named services only, without those that they depend on. */
  noDeps: z.boolean().optional(),
  /** Ends when the containers run, healthy or not, except where others wait for their health. */
  noWait: z.boolean().optional(),
  /** Instances by service, in place of what the files say. */
  scale: z.record(serviceName, z.number().int().min(0).max(100)).optional(),
  timeoutMs: stopTimeout.optional(),
});

/** What goes besides containers and networks. */
export const downOptionsSchema = z.object({
  services,
  volumes: z.boolean().default(false),
  images: z.enum(['none', 'local', 'all']).default('none'),
  removeOrphans: z.boolean().default(true),
  timeoutMs: stopTimeout.optional(),
});

export const stackContract = {
  /** The snapshot now, then every change (coalesced to at most 20 a second). */
  subscribe: procedure.input(ofProject).output(eventIterator(stackSnapshotSchema)),
  plan: procedure
    .input(
      z.discriminatedUnion('direction', [
        ofProject.extend({ direction: z.literal('up'), ...upOptionsSchema.partial().shape }),
        ofProject.extend({ direction: z.literal('down'), ...downOptionsSchema.partial().shape }),
      ]),
    )
    .output(planViewSchema),
  /** `up`. Returns at once; the run is followed through the snapshot, and waits in its queue for the run under way. */
  start: procedure.input(ofProject.extend(upOptionsSchema.partial().shape)).output(operationStarted),
  /** `down`; what is being started is cancelled first. */
  stop: procedure.input(ofProject.extend(downOptionsSchema.partial().shape)).output(operationStarted),
  restart: procedure.input(ofProject.extend({ service: serviceName.optional() })).output(operationStarted),
  /** Starts, stops, … what exists, without creating or removing containers. */
  control: procedure
    .input(
      ofProject.extend({
        action: z.enum(['start', 'stop', 'kill', 'pause', 'unpause', 'remove']),
        services,
        /** With `kill`. */
        signal: z.string().max(20).optional(),
        /** With `stop`. */
        timeoutMs: stopTimeout.optional(),
      }),
    )
    .output(operationStarted),
  scale: procedure
    .input(ofProject.extend({ service: serviceName, replicas: z.number().int().min(0).max(100) }))
    .output(operationStarted),
  pull: procedure.input(ofProject.extend({ services })).output(operationStarted),
  build: procedure
    .input(ofProject.extend({ services, noCache: z.boolean().default(false) }))
    .output(operationStarted),
  /** Also takes an operation out of the queue. */
  cancel: procedure.input(ofProject.extend({ operationId: z.string().max(64) })).output(z.object({})),
  runs: procedure
    .input(ofProject.extend({ limit: z.number().int().min(1).max(50).default(20) }))
    .output(z.array(runRecordSchema)),
  /** Drops the connection state and tries the engine again now. */
  reconnect: procedure.input(ofProject).output(z.object({})),
  openEndpoint: procedure.input(ofProject.extend({ id: endpointSchema.shape.id })).output(z.object({})),
  openWorkspace: procedure.input(ofProject).output(z.object({})),
  /** Moves the published port that is taken to the next free one, written to `.env`. */
  moveBusyPort: procedure
    .input(ofProject.extend({ port: z.number().int().min(1).max(65535) }))
    .output(z.object({ variable: z.string(), port: z.number() })),
  /** The project as `docker compose config` prints it, secrets masked: YAML for reading. */
  config: procedure.input(ofProject).output(z.object({ text: z.string() })),
  /** Turns a profile of the files on or off for this project, from now on. */
  setProfile: procedure
    .input(ofProject.extend({ profile: z.string().max(128), active: z.boolean() }))
    .output(z.object({})),
  /** The settings of one service that the form can change, as they stand in the file that is written. */
  readServiceForm: procedure.input(ofProject.extend({ service: serviceName })).output(serviceForm()),
  /** Writes them into the user's file; comments, order and style of the rest stay. Stale: `file.changed`. */
  writeServiceForm: procedure
    .input(
      ofProject.extend({
        service: serviceName,
        version: z.string().max(128),
        changes: z.array(formChangeSchema()).max(200),
      }),
    )
    .output(z.object({ version: z.string() })),
};

function serviceForm() {
  return z.object({
    /** For people: the file that is written, relative to the project's folder. */
    file: z.string(),
    version: z.string(),
    image: z.string().optional(),
    restart: z.string().optional(),
    replicas: z.number().int().optional(),
    cpus: z.string().optional(),
    memory: z.string().optional(),
    /** Short syntax, as written. */
    ports: z.array(z.string()),
    environment: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  });
}

/** One edit; an absent value removes the setting. */
function formChangeSchema() {
  return z.discriminatedUnion('field', [
    z.object({ field: z.literal('image'), value: z.string().max(1024).optional() }),
    z.object({ field: z.literal('restart'), value: z.string().max(64).optional() }),
    z.object({ field: z.literal('replicas'), value: z.number().int().min(0).max(100).optional() }),
    z.object({ field: z.literal('cpus'), value: z.string().max(32).optional() }),
    z.object({ field: z.literal('memory'), value: z.string().max(32).optional() }),
    z.object({ field: z.literal('ports'), value: z.array(z.string().max(256)).max(200) }),
    z.object({
      field: z.literal('environment'),
      name: z.string().min(1).max(256),
      value: z.string().max(65_536).nullable().optional(),
    }),
  ]);
}

export type ServiceForm = z.output<ReturnType<typeof serviceForm>>;
export type ServiceFormChange = z.output<ReturnType<typeof formChangeSchema>>;
export type UpOptions = z.output<typeof upOptionsSchema>;
export type DownOptions = z.output<typeof downOptionsSchema>;
