import { z } from 'zod';

/** One second of the gateway. */
export const TrafficSampleSchema = z.object({
  /** Unix time in seconds. */
  second: z.number().int(),
  /** Requests that ended in it, however they did. */
  requests: z.number().int(),
  failed: z.number().int(),
  /** Told to come again: 429 and 503. */
  rejected: z.number().int(),
  /** Given up by their callers. */
  cancelled: z.number().int(),
  /** Answered without a backend. */
  cacheHits: z.number().int(),
  /** Of answers that a backend gave; absent when there was none. */
  p50Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  firstTokenMs: z.number().optional(),
  tokensIn: z.number().int(),
  tokensOut: z.number().int(),
  /** At most, as far as seen. */
  inFlight: z.number().int(),
  queueDepth: z.number().int(),
});

export const TrafficSchema = z.object({
  /** Oldest first, without seconds in which nothing was. */
  samples: z.array(TrafficSampleSchema),
  /** How far back they reach at most. */
  keptSeconds: z.number().int(),
});

/** A request that has ended, without its words. */
export const RequestEntrySchema = z.object({
  requestId: z.string(),
  /** ISO time of its end. */
  endedAt: z.string(),
  operation: z.string(),
  /** As the caller named it. */
  model: z.string().optional(),
  backend: z.string().optional(),
  principal: z.string(),
  status: z.number().int(),
  code: z.string().optional(),
  /** What it said when it failed. */
  message: z.string().optional(),
  /** In which phase the caller gave it up. */
  cancelled: z.enum(['queued', 'prefill', 'decode']).optional(),
  cache: z.string().optional(),
  skills: z.array(z.string()),
  generation: z.number().int(),
  attempts: z.number().int(),
  ms: z.number(),
  queuedMs: z.number(),
  firstTokenMs: z.number().optional(),
  tokensIn: z.number().int().optional(),
  tokensOut: z.number().int().optional(),
});

export const RequestListSchema = z.object({
  /** Newest first. */
  requests: z.array(RequestEntrySchema),
});

export type TrafficSample = z.infer<typeof TrafficSampleSchema>;
export type Traffic = z.infer<typeof TrafficSchema>;
export type RequestEntry = z.infer<typeof RequestEntrySchema>;
export type RequestList = z.infer<typeof RequestListSchema>;
