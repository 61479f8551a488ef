import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { projectIdSchema } from '../stack/projects-contract.ts';

const terminalRef = z.object({ terminalId: z.string().max(64) });
const size = z.object({
  columns: z.number().int().min(2).max(1000),
  rows: z.number().int().min(1).max(1000),
});

export const terminalReadSchema = z.object({
  data: z.string(),
  exit: z.object({ code: z.number().nullable() }).optional(),
});

export const terminalContract = {
  /** A shell in the service's container, or in its folder in the sandbox. */
  open: procedure
    .input(
      size.extend({
        projectId: projectIdSchema,
        service: z.string().max(128),
        /** Id of an instance as in the snapshot. Absent: the first that runs. */
        instance: z.string().max(128).optional(),
      }),
    )
    .output(z.object({ terminalId: z.string(), shell: z.string() })),
  /** Resolves with the output since the last read (≤ 64 KiB); waits up to 10 s for some. */
  read: procedure.input(terminalRef).output(terminalReadSchema),
  write: procedure.input(terminalRef.extend({ data: z.string().max(65_536) })).output(z.object({})),
  resize: procedure.input(terminalRef.extend(size.shape)).output(z.object({})),
  close: procedure.input(terminalRef).output(z.object({})),
};
