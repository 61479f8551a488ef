import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { appErrorDataSchema } from '../errors/app-error-data.ts';

export const appInfoSchema = z.object({
  version: z.string(),
  electron: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  packaged: z.boolean(),
});
export type AppInfo = z.output<typeof appInfoSchema>;

/** What main tells the window unasked: menu and tray commands, faults of background work. */
export const appEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    command: z.enum([
      'go.stack',
      'go.skills',
      'go.chat',
      'go.logs',
      'go.terminal',
      'go.settings',
      'palette.open',
      'file.save',
      'stack.start',
      'stack.stop',
    ]),
  }),
  z.object({ kind: z.literal('fault'), error: appErrorDataSchema }),
  /** Main waits for `confirmQuit` when the window has unsaved text. */
  z.object({ kind: z.literal('quitRequested') }),
]);
export type AppEvent = z.output<typeof appEventSchema>;

export const appContract = {
  getAppInfo: procedure.input(z.object({})).output(appInfoSchema),
  events: procedure.input(z.object({})).output(eventIterator(appEventSchema)),
  /** The window says whether it holds unsaved text, so that quitting can ask first. */
  setUnsaved: procedure.input(z.object({ unsaved: z.boolean() })).output(z.object({})),
  confirmQuit: procedure.input(z.object({ quit: z.boolean() })).output(z.object({})),
  /** A crash of the window's code, for the log file. */
  reportFault: procedure
    .input(z.object({ message: z.string().max(4000), stack: z.string().max(20_000).optional() }))
    .output(z.object({})),
  openLogFolder: procedure.input(z.object({})).output(z.object({})),
};
