import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { projectIdSchema } from '../stack/projects-contract.ts';

/** What happened to an instance of a service between two lines. */
export const logMarkSchema = z.enum(['started', 'stopped', 'recreated', 'removed']);
export type LogMark = z.output<typeof logMarkSchema>;

export const logLineSchema = z.object({
  service: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  stream: z.enum(['stdout', 'stderr', 'panel']),
  /** One line without its line break, ANSI sequences kept, at most 16 KiB. */
  text: z.string(),
  /** On lines of the panel: what `text` says in English, for the window to say in its language. */
  mark: logMarkSchema.optional(),
});
export type LogLine = z.output<typeof logLineSchema>;

export const logBatchSchema = z.object({
  lines: z.array(logLineSchema),
  /** Lines lost since the last read because nobody read them in time. */
  dropped: z.number(),
  state: z.enum(['streaming', 'waiting', 'ended']),
});
export type LogBatch = z.output<typeof logBatchSchema>;

export const logsContract = {
  /** Opens one merged stream over the services; empty means all of them. Dies with its window. */
  open: procedure
    .input(
      z.object({
        projectId: projectIdSchema,
        services: z.array(z.string().max(128)).max(50).default([]),
        /** Id of an instance as in the snapshot: only its lines. Absent: all instances of the services. */
        instance: z.string().max(128).optional(),
        tail: z.number().int().min(0).max(10_000).default(500),
      }),
    )
    .output(z.object({ streamId: z.string() })),
  /** Resolves with what has come since the last read (≤ 64 KiB of text); waits up to 10 s for the first line. */
  read: procedure.input(z.object({ streamId: z.string().max(64) })).output(logBatchSchema),
  close: procedure.input(z.object({ streamId: z.string().max(64) })).output(z.object({})),
};
