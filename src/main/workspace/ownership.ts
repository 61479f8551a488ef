import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Who the services run as. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

const UNPRIVILEGED: ServiceUser = { uid: 1000, gid: 1000 };
const MAX_DEPTH = 12;

/** The person's own ids; for root, whom no service should run as, an ordinary user's. */
export function serviceUser(own: ServiceUser | undefined): ServiceUser {
  return own === undefined || own.uid === 0 ? UNPRIVILEGED : own;
}

/** Gives a folder and all in it to the services' user. Only root can, and only root needs to. */
export async function giveTo(path: string, user: ServiceUser, depth = 0): Promise<void> {
  await chown(path, user.uid, user.gid);
  if (depth >= MAX_DEPTH) return;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    // A link could lead out of the workspace.
    if (entry.isDirectory()) await giveTo(child, user, depth + 1);
    else if (entry.isFile()) await chown(child, user.uid, user.gid);
  }
}
