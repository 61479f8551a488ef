import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { appErrorDataSchema } from '../errors/app-error-data.ts';

export const modelSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('demo') }),
  z.object({ kind: z.literal('gguf'), fileName: z.string() }),
  z.object({
    kind: z.literal('upstream'),
    baseUrl: z.string(),
    model: z.string().optional(),
    hasKey: z.boolean(),
  }),
]);
export type ModelSource = z.output<typeof modelSourceSchema>;

export const modelsSnapshotSchema = z.object({
  seq: z.number(),
  /** What the configuration asks for. */
  source: modelSourceSchema,
  /** What the gateway serves now. */
  serving: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('gateway_not_running') }),
    z.object({ kind: z.literal('loading') }),
    z.object({
      kind: z.literal('ready'),
      models: z.array(z.object({ id: z.string(), contextSize: z.number().optional(), demo: z.boolean() })),
    }),
    z.object({ kind: z.literal('failed'), error: appErrorDataSchema }),
  ]),
  /** Why `config.json` as it is on disk is not in use; the gateway goes on with the last good one. */
  configError: appErrorDataSchema.optional(),
  queue: z.object({ inFlight: z.number(), waiting: z.number(), maxConcurrent: z.number() }).optional(),
});
export type ModelsSnapshot = z.output<typeof modelsSnapshotSchema>;

export const upstreamProbeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), baseUrl: z.string(), models: z.array(z.string()) }),
  z.object({ kind: z.literal('not_found'), error: appErrorDataSchema }),
]);
export type UpstreamProbe = z.output<typeof upstreamProbeSchema>;

export const modelsContract = {
  subscribe: procedure.input(z.object({})).output(eventIterator(modelsSnapshotSchema)),
  /** Looks for Ollama on this machine (OLLAMA_HOST, else port 11434). */
  findOllama: procedure.input(z.object({})).output(upstreamProbeSchema),
  probeUpstream: procedure
    .input(z.object({ baseUrl: z.string().url().max(2000), apiKey: z.string().max(4000).optional() }))
    .output(upstreamProbeSchema),
  chooseDemo: procedure.input(z.object({})).output(z.object({})),
  /** The key goes to the OS keychain and to the gateway's memory, nowhere else. */
  chooseUpstream: procedure
    .input(
      z.object({
        baseUrl: z.string().url().max(2000),
        model: z.string().max(200).optional(),
        apiKey: z.string().max(4000).optional(),
      }),
    )
    .output(z.object({})),
  /** Asks for a file in the system's dialog; the file is linked or copied into the workspace. */
  chooseGguf: procedure.input(z.object({})).output(z.object({ chosen: z.boolean() })),
};
