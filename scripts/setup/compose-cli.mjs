import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDebian, isRoot } from './debian-packages.mjs';
import { hostNetworkSettings } from './host-network-settings.mjs';
import { CACHE_DIR } from './paths.mjs';
import { run, tryRun } from './run-command.mjs';

const CACHED = join(CACHE_DIR, 'docker-compose');
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const PLUGIN = 'cli-plugins/docker-compose';
const PLACES = [
  join(homedir(), '.docker', PLUGIN),
  `/usr/local/lib/docker/${PLUGIN}`,
  `/usr/libexec/docker/${PLUGIN}`,
  `/usr/lib/docker/${PLUGIN}`,
];

/**
 * Finds `docker compose` v2, the program that ours is compared with, and names it in DOCKER_COMPOSE_BIN.
 *
 * Debian's stable releases have only version 1; the newest package is unpacked into the cache, nothing is installed.
 */
export async function composeCli() {
  for (const file of [process.env.DOCKER_COMPOSE_BIN, ...PLACES, CACHED]) {
    if (!file || !existsSync(file)) continue;
    const version = await versionOf(file);
    if (!version) continue;
    process.env.DOCKER_COMPOSE_BIN = file;
    return { isUpToDate: true, note: version };
  }
  if (!isDebian() || !isRoot() || !existsSync(KEYRING))
    return {
      note: 'not found; the tests that compare with it are skipped. Install the docker compose plugin.',
    };
  await unpackNewest();
  process.env.DOCKER_COMPOSE_BIN = CACHED;
  return { note: `${await versionOf(CACHED)}, for comparison only` };
}

/** @param {string} file */
async function versionOf(file) {
  const { code, stdout } = await tryRun(file, ['version', '--short'], { timeoutMs: 10_000 });
  const version = stdout.trim().replace(/^v/, '');
  return code === 0 && Number(version.split('.')[0]) >= 2 ? version : undefined;
}

async function unpackNewest() {
  const { debianMirror } = await hostNetworkSettings();
  const work = mkdtempSync(join(tmpdir(), 'skilldeck-compose-'));
  try {
    mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(work, 'archives', 'partial'), { recursive: true });
    writeFileSync(join(work, 'sources.list'), `deb [signed-by=${KEYRING}] ${debianMirror} sid main\n`);
    const apart = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::Cache::archives=${join(work, 'archives')}`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await run('apt-get', ['-qq', ...apart, 'update']);
    await run('apt-get', ['-qq', ...apart, 'download', 'docker-compose'], { cwd: work });
    const [archive = ''] = readdirSync(work).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', archive, 'unpacked'], { cwd: work });
    mkdirSync(CACHE_DIR, { recursive: true });
    copyFileSync(join(work, 'unpacked', 'usr/libexec/docker', PLUGIN), CACHED);
    chmodSync(CACHED, 0o755);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
