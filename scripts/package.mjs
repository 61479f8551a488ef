// npm run package: everything that this machine can make of electron-builder.yml, and what it leaves to the release machine.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron } from './electron-path.mjs';
import { packageApp } from './package-app.mjs';
import { inRepository } from './setup/paths.mjs';
import { run } from './setup/run-command.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { prepareApp } from './setup/steps.mjs';

const OUTPUT = inRepository('release');
const MEGABYTE = 1024 * 1024;

/** @type {Record<string, { flag: string, targets: string[] }>} */
const PLATFORMS = {
  linux: { flag: '--linux', targets: ['AppImage', 'deb'] },
  darwin: { flag: '--mac', targets: ['dmg', 'zip'] },
  win32: { flag: '--win', targets: ['nsis'] },
};

/**
 * The portable archive, by the system's own tar: electron-builder would fetch an archiver from a host that may be out of reach.
 */
async function archive() {
  const { version } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  const name = `skilldeck-${version}-linux-${process.arch}`;
  const rename = `s,^linux-unpacked,${name},`;
  await run('tar', [
    '-C',
    OUTPUT,
    '-czf',
    join(OUTPUT, `${name}.tar.gz`),
    '--transform',
    rename,
    'linux-unpacked',
  ]);
}

await runMain(async () => {
  await prepareApp();
  const platform = PLATFORMS[process.platform] ?? { flag: '--linux', targets: [] };
  /** @type {string[]} */
  const left = [];
  const offer = async (/** @type {string} */ target) => {
    try {
      await step(`package ${target}`, () => packageApp({ targets: [platform.flag, target], output: OUTPUT }));
    } catch (error) {
      left.push(`${target}: ${firstReason(error)}`);
    }
  };
  await step('package dir', () => packageApp({ targets: [platform.flag, 'dir'], output: OUTPUT }));
  if (process.platform === 'linux') await step('package tar.gz', archive);
  if (findElectron().isOfficial) for (const target of platform.targets) await offer(target);
  else
    left.push(
      `${platform.targets.join(', ')}: they carry the official Electron, which is not to be had here`,
    );
  for (const [name, other] of Object.entries(PLATFORMS)) {
    if (name !== process.platform) left.push(`${other.targets.join(', ')}: made on ${name} only`);
  }
  listRelease();
  for (const line of left) console.log(`left for the release machine: ${line}`);
});

/** @param {unknown} error */
function firstReason(error) {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  return lines.find((line) => line.includes('⨯'))?.replace(/^.*⨯\s*/, '') ?? lines[0] ?? '';
}

function listRelease() {
  for (const name of readdirSync(OUTPUT)) {
    const stats = statSync(join(OUTPUT, name));
    if (
      stats.isDirectory()
        ? name.endsWith('unpacked') || name.startsWith('mac')
        : /\.(gz|AppImage|deb|dmg|zip|exe)$/.test(name)
    ) {
      console.log(
        `release/${name}${stats.isDirectory() ? '/' : `  ${(stats.size / MEGABYTE).toFixed(0)} MB`}`,
      );
    }
  }
  if (!findElectron().isOfficial)
    console.log('made with the fallback Electron: for trying out, not for release');
}
