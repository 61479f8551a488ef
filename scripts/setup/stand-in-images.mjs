import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from './debian-packages.mjs';
import { hostNetworkSettings } from './host-network-settings.mjs';
import { inRepository } from './paths.mjs';
import { run, tryRun } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { filesBelow, hashOf } from './stamp.mjs';
import { hasCommand } from './system-libraries.mjs';

const LABEL = 'dev.skilldeck.stand-in';
const BASE_IMAGE = 'debian:bookworm-slim';
const NODE_IMAGE = 'node:22-bookworm-slim';
const NGINX_IMAGE = 'nginx:1.28';
const REDIS_IMAGE = 'redis:7.4-bookworm';
const PULL_TIMEOUT_MS = 5 * 60_000;
const IMAGES_DIR = inRepository('e2e', 'images');

/** @typedef {Awaited<ReturnType<typeof hostNetworkSettings>>} HostSettings */
/** @typedef {{ image: string, build: (folder: string, label: string, host: HostSettings) => Promise<void> }} StandIn */

/** In build order: each is made of the ones before it. @type {StandIn[]} */
const STAND_INS = [
  { image: BASE_IMAGE, build: buildBase },
  { image: NODE_IMAGE, build: buildNode },
  { image: NGINX_IMAGE, build: (folder, label) => dockerBuild(NGINX_IMAGE, folder, label) },
  { image: REDIS_IMAGE, build: (folder, label) => dockerBuild(REDIS_IMAGE, folder, label) },
];

/**
 * Makes sure that the images of the compose file are there: pulled where a registry answers, else built here.
 *
 * @returns {Promise<{ isUpToDate?: boolean, note: string }>}
 */
export async function standInImages() {
  const recipe = hashOf(
    [...filesBelow([IMAGES_DIR]), inRepository('scripts', 'setup', 'stand-in-images.mjs')].map((file) =>
      readFileSync(file),
    ),
  ).slice(0, 16);
  const states = await Promise.all(STAND_INS.map(async ({ image }) => isPresent(image, recipe)));
  if (states.every(Boolean)) return { isUpToDate: true, note: `${STAND_INS.length} images` };
  if (await pullAll()) return { note: 'pulled' };
  if (process.platform !== 'linux') {
    throw new SetupError(
      'The images that the tests need cannot be pulled.',
      `docker pull ${NODE_IMAGE} shows why.`,
    );
  }
  const host = await hostNetworkSettings();
  for (const { image, build } of STAND_INS) {
    if (await isPresent(image, recipe)) continue;
    const folder = mkdtempSync(join(tmpdir(), 'skilldeck-image-'));
    try {
      await build(folder, `${LABEL}=${recipe}`, host);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { note: 'built as stand-ins' };
}

/**
 * A pulled image always counts; a stand-in only while its recipe is the same.
 *
 * @param {string} image
 * @param {string} recipe
 */
async function isPresent(image, recipe) {
  const format = `{{if .Config.Labels}}{{index .Config.Labels "${LABEL}"}}{{end}}`;
  const { code, stdout } = await tryRun('docker', ['image', 'inspect', '--format', format, image]);
  return code === 0 && (stdout.trim() === '' || stdout.trim() === recipe);
}

/** One refused pull means that there is no registry to be reached; the rest is not tried. */
async function pullAll() {
  for (const { image } of STAND_INS) {
    if ((await tryRun('docker', ['pull', '-q', image], { timeoutMs: PULL_TIMEOUT_MS })).code !== 0)
      return false;
  }
  return true;
}

/**
 * @param {string} folder
 * @param {string} label
 * @param {HostSettings} host
 */
async function buildBase(folder, label, host) {
  if (!(await hasCommand('debootstrap'))) await installPackages(['debootstrap'], 'the stand-in images');
  const root = join(folder, 'root');
  await run('debootstrap', [
    '--variant=minbase',
    '--include=ca-certificates',
    'bookworm',
    root,
    host.debianMirror,
  ]);
  rmSync(join(root, 'var/cache/apt'), { recursive: true, force: true });
  rmSync(join(root, 'var/lib/apt/lists'), { recursive: true, force: true });
  if (host.caBundle) writeFileSync(join(root, 'etc/ssl/certs/ca-certificates.crt'), host.caBundle);
  if (host.aptProxy) writeFileSync(join(root, 'etc/apt/apt.conf.d/80-host-proxy'), `${host.aptProxy}\n`);
  const archive = join(folder, 'root.tar');
  await run('tar', ['-C', root, '--numeric-owner', '-cf', archive, '.']);
  await run('docker', [
    'import',
    '--change',
    'CMD ["bash"]',
    '--change',
    `LABEL ${label}`,
    archive,
    BASE_IMAGE,
  ]);
}

/**
 * @param {string} folder
 * @param {string} label
 * @param {HostSettings} host
 */
async function buildNode(folder, label, host) {
  await unpackFromRegistry(`node-linux-${process.arch}@22`, join(folder, 'node'));
  await unpackFromRegistry('npm@11', join(folder, 'npm'));
  writeFileSync(join(folder, 'npmrc'), `registry=${host.npmRegistry}\nupdate-notifier=false\n`);
  await dockerBuild(NODE_IMAGE, folder, label);
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function unpackFromRegistry(name, folder) {
  mkdirSync(folder, { recursive: true });
  const packed = await run('npm', ['pack', name, '--silent', '--pack-destination', folder]);
  const archive = join(folder, packed.trim().split('\n').at(-1) ?? '');
  await run('tar', ['xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner']);
  rmSync(archive);
}

/**
 * Builds a recipe of e2e/images with the files that were prepared beside it.
 *
 * @param {string} image
 * @param {string} folder
 * @param {string} label
 */
async function dockerBuild(image, folder, label) {
  const name = image.split(':')[0] ?? image;
  cpSync(join(IMAGES_DIR, name, 'Dockerfile'), join(folder, 'Dockerfile'));
  await run('docker', ['build', '--label', label, '--tag', image, folder]);
}
