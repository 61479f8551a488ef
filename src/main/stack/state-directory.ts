import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

export interface StateDirectoryFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** What belongs to the person rather than to a folder: run records of opened projects, and locks. The same for panel and command line. */
export function userStateDirectory(facts: StateDirectoryFacts = hostFacts()): string {
  const { env, home, platform } = facts;
  if (platform === 'win32')
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'skilldeck');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'skilldeck');
  return posix.join(env.XDG_STATE_HOME || posix.join(home, '.local', 'state'), 'skilldeck');
}

function hostFacts(): StateDirectoryFacts {
  return { platform: process.platform, env: process.env, home: homedir() };
}
