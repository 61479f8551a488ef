import { z } from 'zod';
import { expects } from './config-problems.ts';

/** What every kind of backend has for the choice among several. */
export const ROUTING_FIELDS = {
  weight: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .describe(
      'Share of the requests beside backends of the same priority that have the model, too. 0: only when no other can.',
    ),
  priority: z.int().min(0).max(100).default(0).describe('Backends with a lower number are asked first.'),
} as const;

const ModelName = z.string().min(1).max(512);

/** Names for callers → who answers for them, in order: a model, a backend or `backend/model`. */
export const AliasesSchema = z.record(ModelName, z.array(ModelName).min(1).max(16)).default({});

export const RoutingSchema = z
  .strictObject({
    maxAttempts: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .describe(
        'Calls to backends for one request, the first included; only before the first byte of an answer.',
      ),
    backoffMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(200)
      .describe('Pause before the same backend is asked again: random up to this, twice as much each time.'),
    maxBackoffMs: z
      .int()
      .min(1)
      .max(300_000)
      .default(5000)
      .describe('Upper bound of that pause, and of the `Retry-After` that is waited for.'),
    breaker: z
      .strictObject({
        failures: z
          .int()
          .min(0)
          .max(1000)
          .default(10)
          .describe('Failures in a row after which a backend is left alone. 0: never.'),
        errorRate: z
          .number()
          .min(0.01)
          .max(1)
          .default(0.5)
          .describe('Or this share of failures within the window, if there were so many requests.'),
        minRequests: z.int().min(1).max(10_000).default(20).describe('How many those are.'),
        windowMs: z
          .int()
          .min(1000)
          .max(600_000)
          .default(30_000)
          .describe('The window of the share of failures.'),
        openMs: z
          .int()
          .min(100)
          .max(600_000)
          .default(5000)
          .describe('How long it is left alone at first; twice as long each time its test request fails.'),
        maxOpenMs: z.int().min(100).max(3_600_000).default(60_000).describe('Upper bound of that time.'),
      })
      .prefault({}),
  })
  .prefault({});

/** Addresses are shown in messages and logs, so that they hold no secret. */
export const UpstreamAddressSchema = z.url({ protocol: /^https?$/, abort: true }).refine(
  (url) => {
    const { password, username } = new URL(url);
    return username === '' && password === '';
  },
  expects({ kind: 'bare_address' }),
);

/** What only upstreams have: how they are watched, and what they may send. */
export const UPSTREAM_FIELDS = {
  health: z
    .strictObject({
      path: z
        .string()
        .regex(/^\/[^\s?#]*$/)
        .optional()
        .describe(
          "Asked by `GET`, below the server's address, such as `/health`. Left out: the list of models is enough.",
        ),
      intervalMs: z.int().min(1000).max(3_600_000).default(30_000).describe('Between two looks at a server.'),
      timeoutMs: z.int().min(100).max(60_000).default(5000).describe('How long such a look may take.'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      answerBytes: z
        .int()
        .min(1024)
        .max(1_073_741_824)
        .default(67_108_864)
        .describe('The largest answer that is not streamed.'),
      eventBytes: z
        .int()
        .min(1024)
        .max(268_435_456)
        .default(8_388_608)
        .describe('The largest event of a stream.'),
    })
    .prefault({}),
  tls: z
    .strictObject({
      caFile: z
        .string()
        .min(1)
        .optional()
        .describe('Certificates (PEM) that are trusted besides the usual ones.'),
    })
    .prefault({}),
  allowLinkLocal: z
    .boolean()
    .default(false)
    .describe(
      "Link-local addresses serve machines' own credentials in clouds; hardly a model server is there.",
    ),
} as const;

export type BreakerSettings = z.infer<typeof RoutingSchema>['breaker'];
export type RoutingSettings = z.infer<typeof RoutingSchema>;
