import { existsSync } from 'node:fs';
import { findElectron } from '../electron-path.mjs';
import { installPackages, isDebian, isRoot } from './debian-packages.mjs';
import { tryRun } from './run-command.mjs';
import { hasDisplay } from './virtual-display.mjs';

/** What Electron links against, and what it opens only at run time (the last two), by the Debian packages that hold it. */
const ELECTRON_PACKAGES = [
  'libgtk-3-0t64|libgtk-3-0',
  'libnss3',
  'libasound2t64|libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0t64|libatk-bridge2.0-0',
  'libcups2t64|libcups2',
  'libdrm2',
  'libxkbcommon0',
  'libx11-xcb1',
  'libgl1',
];
const CJK_FONT = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';

/** Makes sure that Electron finds its system libraries, and a display where there is none. */
export async function systemLibraries() {
  if (process.platform !== 'linux') return { isUpToDate: true, note: 'nothing needed' };
  const missing = [];
  const libraries = await missingLibraries();
  if (libraries.length > 0) missing.push(...ELECTRON_PACKAGES);
  if (!hasDisplay() && !(await hasCommand('Xvfb'))) missing.push('xvfb');
  // Chinese text is boxes without it. Nothing breaks, so a person's own desktop is left as it is.
  const wantsFont = isDebian() && isRoot() && !existsSync(CJK_FONT);
  if (missing.length === 0 && !wantsFont) return { isUpToDate: true };
  const packages = wantsFont ? [...missing, 'fonts-noto-cjk'] : missing;
  await installPackages(
    packages,
    `Electron${libraries.length > 0 ? ` (${libraries.join(', ')})` : ' without a display'}`,
  );
  return { note: `apt: ${packages.length} packages` };
}

/** Asks the loader itself, which is right on every distribution. */
async function missingLibraries() {
  const { stdout } = await tryRun('ldd', [findElectron().executable]);
  return [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');
}

/** @param {string} name */
export async function hasCommand(name) {
  return (await tryRun('sh', ['-c', `command -v ${name}`])).code === 0;
}
