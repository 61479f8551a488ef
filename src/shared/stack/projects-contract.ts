import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';

/** The app's own stack is always there. */
export const WORKSPACE_PROJECT = 'workspace';
export const projectIdSchema = z.string().max(64).default(WORKSPACE_PROJECT);

export const projectSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** For people. */
  directory: z.string(),
  /**
   * `workspace`: the bundled stack; `open`: a folder that the person opened, kept between starts;
   * `found`: runs on the engine, known from its labels alone.
   */
  kind: z.enum(['workspace', 'open', 'found']),
  /** Containers of it that run, of those that exist. */
  running: z.number(),
  total: z.number(),
  /** Its files are still where its labels say, so that it can be opened. */
  canOpen: z.boolean(),
});
export type ProjectSummary = z.output<typeof projectSummarySchema>;

export const dockerContextSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** `unix:///var/run/docker.sock`, without credentials. */
  endpoint: z.string(),
  current: z.boolean(),
  /** Chosen by `DOCKER_HOST` or `DOCKER_CONTEXT`: cannot be changed from here. */
  fixed: z.boolean(),
});
export type DockerContext = z.output<typeof dockerContextSchema>;

export const projectsContract = {
  /** All projects now, then every change. */
  subscribe: procedure
    .input(z.object({}))
    .output(eventIterator(z.object({ projects: z.array(projectSummarySchema) }))),
  /** Asks for a folder or a compose file with the system's dialog (most have one for either, not for both). Absent: the person changed their mind. */
  open: procedure
    .input(z.object({ choose: z.enum(['folder', 'file']).default('folder') }))
    .output(z.object({ projectId: z.string().optional() })),
  /** Opens the files of a project that was found by its labels. */
  openFound: procedure
    .input(z.object({ projectId: z.string().max(64) }))
    .output(z.object({ projectId: z.string() })),
  /** Takes an opened project off the list; nothing of it is stopped. */
  close: procedure.input(z.object({ projectId: z.string().max(64) })).output(z.object({})),
  contexts: procedure.input(z.object({})).output(z.array(dockerContextSchema)),
  /** Connects everything to the engine of another Docker context, from now on. */
  useContext: procedure.input(z.object({ name: z.string().max(256) })).output(z.object({})),
};
