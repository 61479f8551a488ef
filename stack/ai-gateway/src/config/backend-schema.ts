import { z } from 'zod';
import { ROUTING_FIELDS, UPSTREAM_FIELDS, UpstreamAddressSchema } from './routing-schema.ts';

const Tools = z
  .boolean()
  .optional()
  .describe(
    'Whether its models call tools well, for `skills.activation`. Left out: what the model or its server tells of it.',
  );
const BackendName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/);

export const LlamaCppBackendSchema = z.strictObject({
  name: BackendName.describe('What it is called in `models`, in requests and in the log.'),
  kind: z.literal('llama-cpp'),
  modelPath: z
    .string()
    .min(1)
    .describe(
      'A GGUF file, or a folder whose first GGUF file by name is taken; relative to the data directory.',
    ),
  contextSize: z
    .int()
    .min(128)
    .max(1_048_576)
    .default(4096)
    .describe('Tokens of prompt and answer together, at most; a model trained for less gets less.'),
  parallel: z.int().min(1).max(64).default(2).describe('How many answers are generated side by side.'),
  threads: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("Threads of the processor. Left out: llama.cpp's choice."),
  gpu: z
    .enum(['auto', 'off', 'cuda', 'vulkan', 'metal'])
    .default('auto')
    .describe('`auto`: the best that this build and this machine have. One that is not there is an error.'),
  gpuLayers: z
    .union([z.enum(['auto', 'max']), z.int().min(0).max(10_000)])
    .default('auto')
    .describe("Layers of the model in the GPU's memory; `auto`: as many as fit."),
  idleUnloadSeconds: z
    .number()
    .min(0)
    .max(2_000_000)
    .default(0)
    .describe(
      'Unloads the model when nothing was asked for so long; the next request loads it again. 0: never.',
    ),
  loadWaitSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(120)
    .describe('How long a request waits for a model that is being loaded. 0: not at all.'),
  hangSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(30)
    .describe('A process that gives no sign of life for so long is killed and started again. 0: never.'),
  stallSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe('So is one whose requests get no further for so long while the processor rests. 0: never.'),
  tools: Tools,
  ...ROUTING_FIELDS,
});

export const OpenAiBackendSchema = z.strictObject({
  name: BackendName.describe('What it is called in `models`, in requests and in the log.'),
  kind: z.literal('openai'),
  baseUrl: UpstreamAddressSchema.transform((url) => url.replace(/\/+$/, '')).describe(
    'Where the API is, such as `http://127.0.0.1:11434/v1`; without a user or a password.',
  ),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The model used when a request does not choose one. Left out: the first that the server lists.',
    ),
  apiKeySecret: z.string().min(1).optional().describe('Name of a secret set through `PUT /admin/secrets`.'),
  maxConcurrent: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Requests that the server answers at once; more wait in the queue. Left out: no limit of its own.',
    ),
  maxTokensField: z
    .enum(['as_sent', 'max_tokens', 'max_completion_tokens'])
    .default('as_sent')
    .describe(
      "Under which name the limit of a chat's answer is sent; reasoning models of OpenAI refuse the older one.",
    ),
  tools: Tools,
  ...ROUTING_FIELDS,
  ...UPSTREAM_FIELDS,
});

export const BackendSchema = z.discriminatedUnion('kind', [LlamaCppBackendSchema, OpenAiBackendSchema]);

export type BackendConfig = z.infer<typeof BackendSchema>;
export type LlamaCppBackendConfig = z.infer<typeof LlamaCppBackendSchema>;
export type OpenAiBackendConfig = z.infer<typeof OpenAiBackendSchema>;
