/**
 * Loading real-world compose files: parse, merge, fill in, check, decode and interpret, with the texts in memory.
 *
 * Over all files: the median of the files' medians and the slowest one; per file its own.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { loadProject } from '../src/main/compose/load-project.ts';
import { type CorpusCase, loadInput, projects, readText } from '../src/main/compose-peer/corpus.ts';

const ROUNDS = 40;
const WARM_UP = 10;
const BUDGET_MS = 10;

async function measure(of: CorpusCase) {
  const input = loadInput(of);
  const texts = new Map<string, Promise<string | undefined>>();
  // What is measured is our work, not the disk's.
  const cached = (path: string) => {
    const text = texts.get(path) ?? readText(path);
    texts.set(path, text);
    return text;
  };
  const first = performance.now();
  await loadProject({ ...input, readText: cached });
  const firstMs = performance.now() - first;
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const start = performance.now();
    await loadProject({ ...input, readText: cached });
    if (round >= WARM_UP) times.push(performance.now() - start);
  }
  const lines = input.files.reduce((sum, { path }) => sum + readFileSync(path, 'utf8').split('\n').length, 0);
  times.sort((a, b) => a - b);
  return {
    file: of.name.replace(/^projects\//, ''),
    lines,
    firstMs: round(firstMs),
    p50Ms: round(times[Math.floor(times.length / 2)] ?? 0),
    maxMs: round(times.at(-1) ?? 0),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

const files = [];
for (const of of projects()) files.push(await measure(of));
const medians = files.map(({ p50Ms }) => p50Ms).sort((a, b) => a - b);
const result = {
  bench: 'load',
  p50Ms: medians[Math.floor(medians.length / 2)],
  maxMs: Math.max(...files.map(({ maxMs }) => maxMs)),
  /** The very first file of the process: nothing compiled yet. */
  coldMs: files[0]?.firstMs,
  budgetMs: BUDGET_MS,
  withinBudget: files.every(({ p50Ms }) => p50Ms <= BUDGET_MS),
  files,
  node: process.version,
  cores: availableParallelism(),
};
console.log(JSON.stringify(result));
