import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './paths.mjs';
import { run } from './run-command.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const GATEWAY = inRepository('stack', 'ai-gateway');
const STAMP = join(GATEWAY, 'node_modules', '.skilldeck-install');

/**
 * Installs the gateway's only dependency that cannot be bundled: llama.cpp with its Node binding, prebuilt.
 *
 * `npm install --no-save` and not `npm ci`: the lock holds the builds of the platforms that were there when it was written,
 * and `npm ci` refuses where another one is needed.
 */
export async function gatewayNative() {
  const wanted = hashOf(
    ['package.json', 'package-lock.json'].map((file) => readFileSync(join(GATEWAY, file))),
  );
  if (readStamp(STAMP) === wanted) return { isUpToDate: true };
  const args = ['install', '--no-save', '--ignore-scripts', '--workspaces=false', '--no-audit', '--no-fund'];
  await run('npm', args, { cwd: GATEWAY });
  removeForeignBuilds();
  writeStamp(STAMP, wanted);
}

/** The Arm build says that it also installs on x64, where it is 20 MB of nothing. */
function removeForeignBuilds() {
  const builds = join(GATEWAY, 'node_modules', '@node-llama-cpp');
  if (!existsSync(builds)) return;
  const os = { darwin: 'mac', win32: 'win' }[/** @type {string} */ (process.platform)] ?? process.platform;
  for (const name of readdirSync(builds)) {
    if (!name.startsWith(`${os}-${process.arch}`))
      rmSync(join(builds, name), { recursive: true, force: true });
  }
}
