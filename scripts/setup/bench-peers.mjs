import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './debian-packages.mjs';
import { CACHE_DIR } from './paths.mjs';
import { run, tryRun } from './run-command.mjs';

const PEERS = {
  private: true,
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  // With a newer one its streaming answers 500, and a comparison would be unfair.
  overrides: { '@hono/node-server': '1.13.8' },
};

const NOT_FOUND = 127;

/** What the gateway is compared with, and what makes the load: outside of the repository, once per machine. */
export async function benchPeers() {
  const missing = [];
  if ((await tryRun('nginx', ['-v'])).code === NOT_FOUND) missing.push('nginx-light');
  if ((await tryRun('wrk', ['-v'])).code === NOT_FOUND) missing.push('wrk');
  const directory = join(CACHE_DIR, 'peers');
  const hasPortkey = existsSync(join(directory, 'node_modules', '@portkey-ai', 'gateway', 'package.json'));
  if (missing.length === 0 && hasPortkey) return { isUpToDate: true };
  if (missing.length > 0) await installPackages(missing, 'the benchmarks of the gateway');
  if (hasPortkey) return;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify(PEERS));
  await run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
  });
}
