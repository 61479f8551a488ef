// npm run package: everything that this machine can make of electron-builder.yml, and what it leaves to the release machine.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron } from './electron-path.mjs';
import { packageApp } from './package-app.mjs';
import { inRepository } from './setup/paths.mjs';
import { tryRun } from './setup/run-command.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { prepareApp } from './setup/steps.mjs';
import { hasCommand } from './setup/system-libraries.mjs';

const OUTPUT = inRepository('release');
const MEGABYTE = 1024 * 1024;

/** @type {Record<string, { flag: string, targets: string[] }>} */
const PLATFORMS = {
  linux: { flag: '--linux', targets: ['AppImage', 'deb'] },
  darwin: { flag: '--mac', targets: ['dmg', 'zip'] },
  win32: { flag: '--win', targets: ['nsis'] },
};

/** The archive needs a 7-zip; electron-builder's own comes from a host that may be out of reach. */
async function archiverEnvironment() {
  for (const name of ['7zz', '7za', '7z']) {
    const { code, stdout } = await tryRun('sh', ['-c', `command -v ${name}`]);
    if (code === 0) return { ELECTRON_BUILDER_7ZIP_PATH: stdout.trim() };
  }
  return {};
}

await runMain(async () => {
  await prepareApp();
  const platform = PLATFORMS[process.platform] ?? { flag: '--linux', targets: [] };
  /** @type {string[]} */
  const left = [];
  const offer = async (/** @type {string} */ target, /** @type {NodeJS.ProcessEnv} */ env = {}) => {
    try {
      await step(`package ${target}`, () =>
        packageApp({ targets: [platform.flag, target], output: OUTPUT, env }),
      );
    } catch (error) {
      left.push(`${target}: ${firstReason(error)}`);
    }
  };
  await step('package dir', () => packageApp({ targets: [platform.flag, 'dir'], output: OUTPUT }));
  if (process.platform === 'linux') await offer('tar.gz', await archiverEnvironment());
  if (findElectron().isOfficial) for (const target of platform.targets) await offer(target);
  else
    left.push(
      `${platform.targets.join(', ')}: they carry the official Electron, which is not to be had here`,
    );
  for (const [name, other] of Object.entries(PLATFORMS)) {
    if (name !== process.platform) left.push(`${other.targets.join(', ')}: made on ${name} only`);
  }
  if (process.platform === 'linux' && !(await hasCommand('7zz')))
    left.push('hint: apt-get install 7zip for tar.gz');
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
