import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { parseEnvFile } from '../compose/env-file.ts';
import type { Variables } from '../compose/interpolate.ts';
import { copyMissing, exists, syncBundle } from './bundle-files.ts';
import { hasGoodCertificates } from './check-certificates.ts';
import { defaultEnv } from './default-env.ts';
import { diskFault } from './disk-fault.ts';
import { setEnvValue } from './env-text.ts';
import { giveTo, type ServiceUser, serviceUser } from './ownership.ts';
import { makeFolders, Workspace, type WorkspacePaths, workspacePaths } from './workspace.ts';

export interface OpenWorkspaceOptions {
  readonly directory: string;
  /** The app's own copy of `stack/`. */
  readonly bundleDir: string;
  /** Of the app; tags the images. */
  readonly version: string;
  /** Default `skilldeck`; only for a new workspace. */
  readonly projectName?: string;
  readonly processEnv?: Variables;
  readonly now?: () => Date;
  /** Who runs the app; absent on Windows. */
  readonly user?: ServiceUser;
}

/**
 * Makes or mends a workspace: folders, the bundle's files, `.env`, certificates, sample skills and the demo model.
 *
 * Running it again changes only what is missing or out of date. A broken `.env` is left for the person to mend.
 *
 * @throws AppError `workspace.invalid`, `read_only` or `disk_full`.
 */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<Workspace> {
  const directory = resolve(options.directory);
  const paths = workspacePaths(directory);
  const now = options.now?.() ?? new Date();
  const user = serviceUser(options.user ?? currentUser());
  await makeFolders(paths);
  try {
    const { savedAside } = await syncBundle(options.bundleDir, directory, now);
    await seedData(options.bundleDir, paths);
    await ensureEnv(paths, options, user);
    const places = { directory: paths.certs, caKeyFile: paths.caKey };
    if (!(await hasGoodCertificates(places, now)))
      await (await import('./certificates.ts')).ensureCertificates(places, now);
    if ((options.user ?? currentUser())?.uid === 0)
      for (const folder of [paths.data, paths.certs]) await giveTo(folder, user);
    const workspace = new Workspace(directory, options.processEnv ?? process.env, savedAside);
    // A broken file shows as the project's error; everything else of the panel still works.
    await workspace.readEnv().catch(() => undefined);
    return workspace;
  } catch (error) {
    throw diskFault(error, directory);
  }
}

function currentUser(): ServiceUser | undefined {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Samples only into an empty folder: a skill that was deleted stays deleted. */
async function seedData(bundleDir: string, paths: WorkspacePaths): Promise<void> {
  for (const name of ['skills', 'models'] as const)
    if ((await readdir(paths[name])).length === 0) await copyMissing(join(bundleDir, name), paths[name]);
  await copyMissing(join(bundleDir, 'ai-gateway', 'config.json'), paths.configFile);
}

async function ensureEnv(
  paths: WorkspacePaths,
  options: OpenWorkspaceOptions,
  user: ServiceUser,
): Promise<void> {
  const defaults = defaultEnv({
    project: options.projectName ?? 'skilldeck',
    version: options.version,
    dataDirectory: paths.data,
    uid: user.uid,
    gid: user.gid,
    apiKey: `sk-${randomBytes(24).toString('hex')}`,
    adminKey: `sk-admin-${randomBytes(24).toString('hex')}`,
    password: randomBytes(12).toString('base64url'),
  });
  if (!(await exists(paths.envFile))) {
    await writeFileAtomic(paths.envFile, defaults.text, { mode: 0o600 });
    return;
  }
  const text = await readFile(paths.envFile, 'utf8');
  const known = parsedOrUndefined(text, paths.envFile);
  if (known === undefined) return;
  const missing = [...defaults.values].filter(([name]) => known[name] === undefined);
  const outdated = known.SKILLDECK_VERSION !== options.version;
  const changes = outdated ? [...missing, ['SKILLDECK_VERSION', options.version] as const] : missing;
  if (changes.length === 0) return;
  const next = changes.reduce((whole, [name, value]) => setEnvValue(whole, name, value), text);
  await writeFileAtomic(paths.envFile, next, { mode: 0o600 });
}

function parsedOrUndefined(text: string, file: string): Record<string, string> | undefined {
  try {
    return parseEnvFile(text, file);
  } catch {
    // Not ours to mend.
    return undefined;
  }
}
