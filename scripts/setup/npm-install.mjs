import { existsSync, readFileSync } from 'node:fs';
import { inRepository, pinnedNode } from './paths.mjs';
import { run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const OLDEST_NODE = 20;
const STAMP = inRepository('node_modules', '.skilldeck-install');

/**
 * Installs exactly what the lock file says, without running the packages' scripts.
 *
 * Electron's own download is a step of its own (electron-runtime.mjs), and only the pinned Node needs its install script.
 */
export async function npmInstall() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: Skilldeck's tools need Node ${OLDEST_NODE} or newer.`,
      'Install a current Node from https://nodejs.org, then run the command again.',
    );
  }
  const wanted = hashOf(
    ['package.json', 'package-lock.json', '.npmrc'].map((file) => readFileSync(inRepository(file))),
  );
  if (readStamp(STAMP) === wanted && existsSync(pinnedNode())) return { isUpToDate: true };
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  // Not `npm ci`: a registry that holds no builds for other platforms leaves them out of the lock file, and `npm ci` then refuses.
  // With --no-save the lock file decides the same and is not written.
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], { env });
  await run('npm', ['rebuild', 'node', '--ignore-scripts=false'], { env });
  writeStamp(STAMP, wanted);
}
