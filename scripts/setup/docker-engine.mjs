import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPackages, isDebian, isRoot } from './debian-packages.mjs';
import { CACHE_DIR } from './paths.mjs';
import { tryRun } from './run-command.mjs';
import { hasCommand } from './system-libraries.mjs';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

/** @returns {Promise<string | undefined>} the engine's version when one answers */
export async function engineVersion() {
  const { code, stdout } = await tryRun('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 10_000,
  });
  return code === 0 ? stdout.trim() : undefined;
}

/**
 * Makes sure that a Docker engine answers, or says why the tests against one are skipped.
 *
 * @returns {Promise<{ isUpToDate?: boolean, note: string, isMissing?: boolean }>}
 */
export async function dockerEngine() {
  const running = await engineVersion();
  if (running) return { isUpToDate: !(await staticBusybox()), note: `engine ${running}` };
  if (process.platform !== 'linux' || !isRoot() || !isDebian() || process.env.DOCKER_HOST) {
    return { isMissing: true, note: 'no engine answers; start Docker to run the tests against a real one' };
  }
  if (!(await hasCommand('dockerd')))
    await installPackages(['docker.io', 'iptables'], 'the tests against Docker');
  await staticBusybox();
  return { note: `engine ${await startEngine()} started, left running` };
}

/**
 * The tests make their smallest image of this one program. Where it cannot be installed they pull it.
 *
 * @returns {Promise<boolean>} whether it was installed now
 */
async function staticBusybox() {
  if (process.platform !== 'linux' || existsSync('/bin/busybox') || !isRoot() || !isDebian()) return false;
  await installPackages(['busybox-static'], 'the tests against Docker');
  return true;
}

async function startEngine() {
  mkdirSync(CACHE_DIR, { recursive: true });
  const logFile = join(CACHE_DIR, 'dockerd.log');
  const log = openSync(logFile, 'w');
  // Detached: it serves the next runs too.
  const engine = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] });
  engine.unref();
  let failure = '';
  engine.once('error', (error) => {
    failure = error.message;
  });
  engine.once('exit', (code) => {
    failure = `exit code ${code}`;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && !failure) {
    await sleep(POLL_MS);
    const version = await engineVersion();
    if (version) return version;
  }
  throw new Error(`dockerd did not start (${failure || 'no answer'}); its log is ${logFile}`);
}
