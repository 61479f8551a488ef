import { z } from 'zod';
import { BackendSchema } from './backend-schema.ts';
import { AliasesSchema, RoutingSchema } from './routing-schema.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const LOG_LEVEL_ALIASES: Readonly<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

export const LogLevelSchema = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  const level = value.toLowerCase();
  return LOG_LEVEL_ALIASES[level] ?? level;
}, z.enum(LOG_LEVELS));

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
  $schema: z.string().optional().describe('Address of the JSON Schema, for editors.'),
  backends: z
    .array(BackendSchema)
    .max(32)
    .prefault([])
    .describe('Who answers. Their order counts when a request names no model.'),
  models: AliasesSchema.describe(
    'Names for callers, and who answers for them, in order: a model, a backend or `backend/model`.',
  ),
  routing: RoutingSchema.describe('What happens when a backend fails.'),
  maxConcurrent: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('Requests that are answered at once, over all backends.'),
  maxQueue: z
    .int()
    .min(0)
    .max(100_000)
    .default(200)
    .describe('Requests that may wait; more are refused with 429.'),
  maxQueuedTokens: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe('Of the prompts of those who wait, together, as an estimate. Left out: no limit.'),
  logLevel: LogLevelSchema.prefault('info').describe('From which level on lines are written.'),
  logPrompts: z
    .boolean()
    .default(false)
    .describe(
      'Writes what was asked into the log, up to 20,000 characters of each request; for finding faults, not for every day.',
    ),
  configReloadSeconds: z
    .number()
    .min(0.1)
    .max(5)
    .default(0.5)
    .describe('How often the file is looked at besides the watch on it.'),
  skills: z
    .strictObject({
      default: z
        .enum(['auto', 'none'])
        .default('auto')
        .describe('What a request without the field `skills` means.'),
      maxActivated: z.int().min(1).max(8).default(2).describe('Skills that one text may trigger.'),
      catalogueTokens: z
        .int()
        .min(0)
        .max(100_000)
        .default(2000)
        .describe(
          'Token budget of the list of all skills; beyond it descriptions are shortened, then left out.',
        ),
      maxTokens: z
        .int()
        .min(100)
        .max(1_000_000)
        .default(12_000)
        .describe(
          'Token budget of the texts of skills in one answer, with the files that a model takes by tool calls. Matched skills that do not fit are left out; those asked for by name are refused with 400.',
        ),
      activation: z
        .enum(['auto', 'lexical', 'tool'])
        .default('auto')
        .describe(
          '`lexical`: skills are matched with the words of a request. `tool`: the model is given a tool to take them with. `auto`: that where the model is known to call tools well, else matched.',
        ),
    })
    .prefault({}),
  cache: z
    .strictObject({
      policy: z
        .enum(['off', 'deterministic', 'all'])
        .default('deterministic')
        .describe(
          '`deterministic`: requests with temperature 0 or a seed, and embeddings. `all`: every request.',
        ),
      scope: z
        .enum(['key', 'shared'])
        .default('key')
        .describe('`key`: each key has answers of its own. `shared`: all keys share them.'),
      memoryBytes: z
        .int()
        .min(0)
        .max(68_719_476_736)
        .default(67_108_864)
        .describe('Answers kept in memory, in bytes.'),
      maxAnswerBytes: z
        .int()
        .min(1024)
        .max(67_108_864)
        .default(1_048_576)
        .describe('Longer answers are not kept.'),
      ttlSeconds: z.int().min(1).max(31_536_000).default(3600).describe('How long an answer is kept.'),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      queueMs: Milliseconds.default(120_000).describe('How long a request may wait in the queue.'),
      connectMs: Milliseconds.default(5000).describe('Until an upstream is connected.'),
      firstByteMs: Milliseconds.default(120_000).describe('Until an upstream begins to answer.'),
      idleMs: Milliseconds.default(60_000).describe('Between two pieces of an answer of an upstream.'),
      requestMs: Milliseconds.default(1_800_000).describe(
        'Until an answer is complete, whatever it waits for. 0: no limit.',
      ),
      drainMs: Milliseconds.default(20_000).describe(
        'What a stop grants to requests under way; then they end with an error.',
      ),
      pingMs: Milliseconds.default(15_000).describe(
        'Between signs of life of a stream in which nothing else is sent. 0: none.',
      ),
      writeMs: Milliseconds.default(60_000).describe(
        'How long a client may read nothing of an answer before it is let go. 0: for ever.',
      ),
    })
    .prefault({}),
  /** Against clients that send slowly, much, or in great numbers. */
  server: z
    .strictObject({
      headersMs: z
        .int()
        .min(100)
        .max(600_000)
        .default(20_000)
        .describe('Until all headers of a request are there.'),
      requestMs: z
        .int()
        .min(100)
        .max(3_600_000)
        .default(120_000)
        .describe('Until the whole request is there.'),
      keepAliveMs: Milliseconds.default(75_000).describe('How long a connection without a request is kept.'),
      maxConnections: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(10_000)
        .describe('Connections at once; more are closed.'),
      maxHeaderBytes: z
        .int()
        .min(1024)
        .max(1_048_576)
        .default(32_768)
        .describe('Headers of one request, together.'),
    })
    .prefault({}),
  /** Which web pages may use the gateway, and under which names it may be used without a key. */
  access: z
    .strictObject({
      allowedOrigins: z
        .array(OriginSchema)
        .max(100)
        .prefault([])
        .describe(
          'Web pages that may use the gateway, such as `https://chat.example.org`, or `*`. Pages of others are refused.',
        ),
      allowedHosts: z
        .array(HostName)
        .max(100)
        .prefault([])
        .describe(
          'Without a key, full names other than these are refused, since any page can make its own name point here.',
        ),
    })
    .prefault({}),
  bodyLimitBytes: z
    .int()
    .min(1024)
    .max(104_857_600)
    .default(10_485_760)
    .describe('The largest body of a request.'),
});

export type ConfigFile = z.infer<typeof ConfigFileSchema>;

/** Everything the gateway runs by: the file, with the environment on top. Paths are absolute. */
export interface GatewayConfig extends Omit<ConfigFile, '$schema'> {
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly skillsDir: string;
}
