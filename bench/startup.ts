// Time until the window can be used, and memory: this app against an empty Electron window on the same runtime.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from '../scripts/electron-path.mjs';
import { type Launch, launchWindow } from './launch-window.ts';

const DEFAULT_ROUNDS = 5;
const ROUNDS = Number(process.argv[2] ?? DEFAULT_ROUNDS);
const APP = fileURLToPath(new URL('../', import.meta.url));
const EMPTY = fileURLToPath(new URL('empty-window/', import.meta.url));

/** The panel alone: services that the sandbox would start are measured by other benchmarks. */
function appArgs(folder: string): readonly string[] {
  mkdirSync(path.join(folder, 'profile'), { recursive: true });
  const settings = { language: 'en', theme: 'dark', engine: 'sandbox', autoStartSandbox: false };
  writeFileSync(path.join(folder, 'profile', 'settings.json'), JSON.stringify(settings));
  return [`--workspace=${path.join(folder, 'workspace')}`];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const launches: Record<'app' | 'empty', Launch[]> = { app: [], empty: [] };
// The first of each reads from the disk what the others find in memory.
await launchWindow(APP, appArgs);
await launchWindow(EMPTY, () => []);
for (let round = 1; round <= ROUNDS; round += 1) {
  const app = await launchWindow(APP, appArgs);
  const empty = await launchWindow(EMPTY, () => []);
  launches.app.push(app);
  launches.empty.push(empty);
  console.log(
    `round ${round}: app ${app.usableMs.toFixed(0)} ms, empty window ${empty.usableMs.toFixed(0)} ms`,
  );
}

const appMs = median(launches.app.map((one) => one.usableMs));
const emptyMs = median(launches.empty.map((one) => one.usableMs));
const appMB = median(launches.app.map((one) => one.memoryMB));
const emptyMB = median(launches.empty.map((one) => one.memoryMB));
const runtime = findElectron();
console.log(
  JSON.stringify({
    bench: 'startup',
    ratio: Number((appMs / emptyMs).toFixed(2)),
    extraMB: Math.round(appMB - emptyMB),
    appMs: Math.round(appMs),
    emptyMs: Math.round(emptyMs),
    appMB: Math.round(appMB),
    emptyMB: Math.round(emptyMB),
    rounds: ROUNDS,
    against: `an empty window on the same Electron ${runtime.version}${runtime.isOfficial ? '' : ' (fallback)'}`,
    cores: availableParallelism(),
  }),
);
