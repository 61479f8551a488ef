import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FALLBACK_VERSION, hasFallback, isFallbackPossible, makeFallback } from './electron-fallback.mjs';
import { CACHE_DIR, inRepository } from './paths.mjs';
import { tryRun } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const PROBE_TIMEOUT_MS = 8_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;
const FAILURE_STAMP = join(CACHE_DIR, 'electron-download-failed.json');

const packageDir = inRepository('node_modules', 'electron');

export const wantedElectronVersion = () =>
  JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')).version;

/** Whether the official binary of the version in package.json lies in node_modules/electron/dist. */
export function hasOfficialElectron() {
  const version = readStamp(join(packageDir, 'dist', 'version'))
    ?.trim()
    .replace(/^v/, '');
  return version === wantedElectronVersion() && existsSync(join(packageDir, 'path.txt'));
}

/**
 * Makes sure that there is an Electron to run: the official binary, else the fallback for development and tests.
 */
export async function electronRuntime() {
  const version = wantedElectronVersion();
  if (hasOfficialElectron()) return { isUpToDate: true, note: `${version} official` };
  const fallbackNote = `${FALLBACK_VERSION} fallback (development and tests only)`;
  const known = recentFailure(version);
  const failure = known ?? (await installOfficial(version));
  if (!failure) return { note: `${version} official` };
  if (!known) writeStamp(FAILURE_STAMP, JSON.stringify({ version, at: Date.now(), reason: failure }));
  if (hasFallback()) return { isUpToDate: true, note: fallbackNote };
  if (!isFallbackPossible) {
    throw new SetupError(
      `Electron ${version} could not be downloaded: ${failure}`,
      'Try `node node_modules/electron/install.js`. Behind a proxy set HTTPS_PROXY and ELECTRON_GET_USE_PROXY=1;\n' +
        'a mirror goes into ELECTRON_MIRROR.',
    );
  }
  await makeFallback();
  return { note: fallbackNote };
}

/** @param {string} version */
async function installOfficial(version) {
  const unreachable = await probeDownloadHost(version);
  if (unreachable) return unreachable;
  const env = { ...process.env };
  delete env.ELECTRON_SKIP_BINARY_DOWNLOAD;
  if (usesProxy()) env.ELECTRON_GET_USE_PROXY = '1';
  const result = await tryRun(process.execPath, [join(packageDir, 'install.js')], {
    env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  if (result.code === 0 && hasOfficialElectron()) return undefined;
  return result.output.trim().split('\n')[0] || result.reason;
}

const usesProxy = () => Boolean(process.env.HTTPS_PROXY || process.env.https_proxy);

/**
 * Asks the download host for one small file first: without an answer the download itself would retry for minutes.
 *
 * @param {string} version
 * @returns {Promise<string | undefined>} why there is no answer
 */
async function probeDownloadHost(version) {
  // fetch knows nothing of proxies; the download does, and fails fast enough when the proxy refuses.
  if (usesProxy() || process.env.ELECTRON_MIRROR) return undefined;
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return response.ok ? undefined : `${new URL(url).host} answered ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return `${new URL(url).host} cannot be reached (${cause instanceof Error ? cause.message : cause})`;
  }
}

/** @param {string} version */
function recentFailure(version) {
  const text = readStamp(FAILURE_STAMP);
  if (!text) return undefined;
  const failure = JSON.parse(text);
  const isRecent = failure.version === version && Date.now() - failure.at < RETRY_AFTER_MS;
  return isRecent ? String(failure.reason) : undefined;
}
