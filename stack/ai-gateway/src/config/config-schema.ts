import { z } from 'zod';
import {
  AliasesSchema,
  ROUTING_FIELDS,
  RoutingSchema,
  UPSTREAM_FIELDS,
  UpstreamAddressSchema,
} from './routing-schema.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const LOG_LEVEL_ALIASES: Readonly<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

export const LogLevelSchema = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  const level = value.toLowerCase();
  return LOG_LEVEL_ALIASES[level] ?? level;
}, z.enum(LOG_LEVELS));

const BackendName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/);

export const LlamaCppBackendSchema = z.strictObject({
  name: BackendName,
  kind: z.literal('llama-cpp'),
  /** A GGUF file, or a folder whose first GGUF file by name is taken; relative to the data directory. */
  modelPath: z.string().min(1),
  /** Upper bound; a model trained for less gets less. */
  contextSize: z.int().min(128).max(1_048_576).default(4096),
  /** How many answers are generated side by side. */
  parallel: z.int().min(1).max(64).default(2),
  threads: z.int().min(1).max(256).optional(),
  /** `auto`: the best that this build and this machine have. */
  gpu: z.enum(['auto', 'off', 'cuda', 'vulkan', 'metal']).default('auto'),
  /** Layers of the model in the GPU's memory; `auto`: as many as fit. */
  gpuLayers: z.union([z.enum(['auto', 'max']), z.int().min(0).max(10_000)]).default('auto'),
  /** Unloads the model when nothing was asked for so long; the next request loads it again. 0: never. */
  idleUnloadSeconds: z.number().min(0).max(2_000_000).default(0),
  /** How long a request waits for a model that is being loaded. 0: not at all. */
  loadWaitSeconds: z.number().min(0).max(86_400).default(120),
  /** A process that gives no sign of life for so long is killed and started again. 0: never. */
  hangSeconds: z.number().min(0).max(86_400).default(30),
  /** So is one whose requests get no further for so long while the processor rests. 0: never. */
  stallSeconds: z.number().min(0).max(86_400).default(300),
  ...ROUTING_FIELDS,
});

export const OpenAiBackendSchema = z.strictObject({
  name: BackendName,
  kind: z.literal('openai'),
  baseUrl: UpstreamAddressSchema.transform((url) => url.replace(/\/+$/, '')),
  /** The model used when a request does not choose one. */
  model: z.string().min(1).optional(),
  /** Name of a secret set through PUT /admin/secrets. */
  apiKeySecret: z.string().min(1).optional(),
  maxConcurrent: z.int().min(1).max(10_000).optional(),
  /** Under which name the limit of a chat's answer is sent; reasoning models of OpenAI refuse the older one. */
  maxTokensField: z.enum(['as_sent', 'max_tokens', 'max_completion_tokens']).default('as_sent'),
  ...ROUTING_FIELDS,
  ...UPSTREAM_FIELDS,
});

export const BackendSchema = z.discriminatedUnion('kind', [LlamaCppBackendSchema, OpenAiBackendSchema]);

const HostName = z
  .string()
  .max(253)
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/)
  .transform((name) => name.toLowerCase());
const OriginSchema = z
  .string()
  .max(300)
  .regex(/^(\*|[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[a-zA-Z0-9[\]:.-]+)$/)
  .transform((origin) => origin.toLowerCase());
const Milliseconds = z.int().min(0).max(86_400_000);

export const ConfigFileSchema = z.strictObject({
  $schema: z.string().optional(),
  backends: z.array(BackendSchema).max(32).default([]),
  models: AliasesSchema,
  routing: RoutingSchema,
  maxConcurrent: z.int().min(1).max(10_000).default(50),
  maxQueue: z.int().min(0).max(100_000).default(200),
  /** Of the prompts of those who wait, together, as an estimate; left out: no limit. */
  maxQueuedTokens: z.int().min(1).max(1_000_000_000).optional(),
  logLevel: LogLevelSchema.default('info'),
  /** Writes what was asked into the log, up to 20,000 characters of each request; for finding faults, not for every day. */
  logPrompts: z.boolean().default(false),
  configReloadSeconds: z.number().min(0.1).max(5).default(2),
  skills: z
    .strictObject({
      /** What a request without the field `skills` means. */
      default: z.enum(['auto', 'none']).default('auto'),
      maxActivated: z.int().min(1).max(8).default(2),
      /** Token budget of the list of all skills; beyond it descriptions are shortened, then left out. */
      catalogueTokens: z.int().min(0).max(100_000).default(2000),
      /** Token budget of the texts of matched skills together; the best one is always given. */
      maxTokens: z.int().min(100).max(1_000_000).default(12_000),
      /** `tool`: the model is given a tool to take skills with; for models that call tools well. */
      activation: z.enum(['lexical', 'tool']).default('lexical'),
    })
    .prefault({}),
  cache: z
    .strictObject({
      /** `deterministic`: requests with temperature 0 or a seed, and embeddings. `all`: every request. */
      policy: z.enum(['off', 'deterministic', 'all']).default('deterministic'),
      /** `key`: each key has answers of its own. `shared`: all keys share them. */
      scope: z.enum(['key', 'shared']).default('key'),
      memoryBytes: z.int().min(0).max(68_719_476_736).default(67_108_864),
      /** Longer answers are not kept. */
      maxAnswerBytes: z.int().min(1024).max(67_108_864).default(1_048_576),
      ttlSeconds: z.int().min(1).max(31_536_000).default(3600),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      queueMs: Milliseconds.default(120_000),
      connectMs: Milliseconds.default(5000),
      firstByteMs: Milliseconds.default(120_000),
      idleMs: Milliseconds.default(60_000),
      requestMs: Milliseconds.default(1_800_000),
      drainMs: Milliseconds.default(20_000),
      pingMs: Milliseconds.default(15_000),
      /** How long a client may read nothing of a stream before it is let go. */
      writeMs: Milliseconds.default(60_000),
    })
    .prefault({}),
  /** Against clients that send slowly, much, or in great numbers. */
  server: z
    .strictObject({
      /** Until all headers are there. */
      headersMs: z.int().min(100).max(600_000).default(20_000),
      /** Until the whole request is there. */
      requestMs: z.int().min(100).max(3_600_000).default(120_000),
      keepAliveMs: Milliseconds.default(75_000),
      maxConnections: z.int().min(1).max(1_000_000).default(10_000),
      maxHeaderBytes: z.int().min(1024).max(1_048_576).default(32_768),
    })
    .prefault({}),
  /** Which web pages may use the gateway, and under which names it may be used without a key. */
  access: z
    .strictObject({
      /** Such as `https://chat.example.org`, or `*`. Pages of others are refused. */
      allowedOrigins: z.array(OriginSchema).max(100).default([]),
      /** Without a key, full names other than these are refused, since any page can make its own name point here. */
      allowedHosts: z.array(HostName).max(100).default([]),
    })
    .prefault({}),
  bodyLimitBytes: z.int().min(1024).max(104_857_600).default(10_485_760),
});

export type BackendConfig = z.infer<typeof BackendSchema>;
export type LlamaCppBackendConfig = z.infer<typeof LlamaCppBackendSchema>;
export type OpenAiBackendConfig = z.infer<typeof OpenAiBackendSchema>;
export type ConfigFile = z.infer<typeof ConfigFileSchema>;

/** Everything the gateway runs by: the file, with the environment on top. Paths are absolute. */
export interface GatewayConfig extends Omit<ConfigFile, '$schema'> {
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly skillsDir: string;
}
