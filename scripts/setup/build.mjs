import { existsSync } from 'node:fs';
import { findElectron } from '../electron-path.mjs';
import { inRepository } from './paths.mjs';
import { run } from './run-command.mjs';
import { fingerprint, hashOf, readStamp, writeStamp } from './stamp.mjs';

const STAMP = inRepository('.cache', 'stamps', 'build');
const INPUTS = [
  'src',
  'stack/agent-skills',
  'stack/ai-gateway/src',
  'stack/file-manager/src',
  'scripts/build.mjs',
  'scripts/build-stack.mjs',
  'scripts/build-cli.mjs',
  'electron.vite.config.ts',
  'package-lock.json',
];
const OUTPUTS = [
  'out/main/main.js',
  'out/cli/skilldeck.mjs',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  'stack/ai-gateway/dist/server.js',
  'stack/file-manager/dist/server.js',
];

/** Builds the app and the stack's services when a source changed since the last build. */
export async function build() {
  const sources = fingerprint(INPUTS.map((path) => inRepository(path)));
  const wanted = hashOf([sources, findElectron().version]);
  const isComplete = OUTPUTS.every((path) => existsSync(inRepository(path)));
  if (isComplete && readStamp(STAMP) === wanted) return { isUpToDate: true };
  await run('node', [inRepository('scripts', 'build.mjs')]);
  writeStamp(STAMP, wanted);
}
