import { z } from 'zod';
import { expects } from './config-problems.ts';
import { LogLevelSchema } from './config-schema.ts';
import { UpstreamAddressSchema } from './routing-schema.ts';

const Int = (minimum: number, maximum: number): z.ZodType<number> =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z.int().min(minimum).max(maximum),
  );
const Milliseconds = Int(0, 86_400_000);
const Text = z.string().min(1);

/** The environment variables the gateway reads. An empty one counts as not set, as compose files write them. */
export const EnvironmentSchema = z.object({
  CONFIG_PATH: Text.optional().describe('Where the file is.'),
  HOST: Text.optional().describe('Address to listen on.'),
  PORT: Int(0, 65_535).optional().describe('Port to listen on; 0: any that is free.'),
  DATA_DIR: Text.optional().describe('Folder of the skills, keys, models and secrets of the gateway.'),
  SKILLS_DIR: Text.optional().describe('Folder of the skills.'),
  MODEL_PATH: Text.optional().describe(
    'GGUF file of the first model that the gateway itself runs, or its folder; makes one named `local` where the file has none. In the container `/models/llama2` is `models/llama2` of the data folder.',
  ),
  LLAMA_GPU: z
    .preprocess(
      (value) =>
        typeof value === 'string' ? value.toLowerCase().replace(/^(?:false|0|none)$/, 'off') : value,
      z.enum(['auto', 'off', 'cuda', 'vulkan', 'metal']),
    )
    .optional()
    .describe('Sets `gpu` of all models that the gateway itself runs.'),
  MAX_CONCURRENT: Int(1, 10_000).optional(),
  MAX_QUEUE: Int(0, 100_000).optional(),
  LOG_LEVEL: LogLevelSchema.optional(),
  CONFIG_RELOAD_SECONDS: z
    .preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.number().min(0.1).max(5))
    .optional(),
  QUEUE_TIMEOUT_MS: Milliseconds.optional(),
  REQUEST_TIMEOUT_MS: Milliseconds.optional(),
  UPSTREAM_CONNECT_TIMEOUT_MS: Milliseconds.optional(),
  UPSTREAM_FIRST_BYTE_TIMEOUT_MS: Milliseconds.optional(),
  UPSTREAM_IDLE_TIMEOUT_MS: Milliseconds.optional(),
  DRAIN_TIMEOUT_MS: Milliseconds.optional(),
  SSE_PING_MS: Milliseconds.optional(),
  UPSTREAM_BASE_URL: UpstreamAddressSchema.optional().describe(
    'Makes a first backend named `upstream` of an API somewhere else.',
  ),
  UPSTREAM_MODEL: Text.optional().describe(
    'The model that is asked there when a request does not choose one.',
  ),
  UPSTREAM_API_KEY: Text.optional().describe('The key for it.'),
  UPSTREAM_LOOPBACK_HOST: Text.optional().describe(
    "What `localhost` in an upstream's address stands for inside of a container.",
  ),
  GATEWAY_API_KEY: Text.optional().describe(
    "The owner's key. Left out: the gateway asks for none until there are keys of others.",
  ),
  ADMIN_API_KEY: Text.optional().describe('The only key that the admin interface then takes.'),
  REDIS_URL: z
    .string()
    .refine(
      (url) => /^rediss?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''),
      expects({ kind: 'redis_address' }),
    )
    .meta({ format: 'uri' })
    .optional()
    .describe('Answers are shared by all gateways that have the same one. May hold a password.'),
  SKILLDECK_PARENT_PID: Int(1, 2 ** 31 - 1)
    .optional()
    .describe('Ends the gateway when that process has ended.'),
});

export type Environment = z.infer<typeof EnvironmentSchema>;

export const SECRET_VARIABLES = new Set([
  'UPSTREAM_API_KEY',
  'GATEWAY_API_KEY',
  'ADMIN_API_KEY',
  'REDIS_URL',
]);

export type EnvironmentResult =
  | { readonly kind: 'ok'; readonly environment: Environment }
  | {
      readonly kind: 'invalid';
      readonly issues: readonly z.core.$ZodIssue[];
      readonly input: Record<string, unknown>;
    };

/** Picks and checks the gateway's variables. Values of secrets are left out of what an error may show. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): EnvironmentResult {
  const input = Object.fromEntries(
    Object.keys(EnvironmentSchema.shape).flatMap((key) => {
      const value = variables[key];
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
  const parsed = EnvironmentSchema.safeParse(input);
  if (parsed.success) return { kind: 'ok', environment: parsed.data };
  const shown = Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, SECRET_VARIABLES.has(key) ? '(secret)' : value]),
  );
  return { kind: 'invalid', issues: parsed.error.issues, input: shown };
}
