import { z } from 'zod';
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
const EnvironmentSchema = z.object({
  CONFIG_PATH: Text.optional(),
  HOST: Text.optional(),
  PORT: Int(0, 65_535).optional(),
  DATA_DIR: Text.optional(),
  SKILLS_DIR: Text.optional(),
  MODEL_PATH: Text.optional(),
  /** Of all models that the gateway itself runs. */
  LLAMA_GPU: z
    .preprocess(
      (value) =>
        typeof value === 'string' ? value.toLowerCase().replace(/^(?:false|0|none)$/, 'off') : value,
      z.enum(['auto', 'off', 'cuda', 'vulkan', 'metal']),
    )
    .optional(),
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
  UPSTREAM_BASE_URL: UpstreamAddressSchema.optional(),
  UPSTREAM_MODEL: Text.optional(),
  UPSTREAM_API_KEY: Text.optional(),
  UPSTREAM_LOOPBACK_HOST: Text.optional(),
  GATEWAY_API_KEY: Text.optional(),
  /** The admin interface takes only this one where it is set. */
  ADMIN_API_KEY: Text.optional(),
  /** Answers are shared by replicas where it is set. May hold a password. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SKILLDECK_PARENT_PID: Int(1, 2 ** 31 - 1).optional(),
});

export type Environment = z.infer<typeof EnvironmentSchema>;

const SECRET_VARIABLES = new Set(['UPSTREAM_API_KEY', 'GATEWAY_API_KEY', 'ADMIN_API_KEY', 'REDIS_URL']);

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
