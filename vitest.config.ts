import { defineConfig } from 'vitest/config';

const IGNORED = ['**/node_modules/**', '**/dist/**', 'out/**', 'release/**', '.cache/**', 'e2e/**'];
const PROCESS = '**/*.process.test.ts';
const DOCKER = '**/*.docker.test.ts';

const QUICK = {
  // Files share the modules of their worker: to load them for each of 200 files takes longer than the tests. No test mocks a module.
  isolate: false,
  // A busy machine is no fault of what is tested.
  testTimeout: 20_000,
  hookTimeout: 30_000,
};

// Three projects: what runs anywhere in seconds, what starts programs and waits for them, and what needs a Docker engine.
export default defineConfig({
  test: {
    // Most of the time somebody waits for a process; left to itself vitest would use one of two cores.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mjs}'],
          exclude: [...IGNORED, PROCESS, DOCKER],
          ...QUICK,
        },
      },
      {
        test: {
          name: 'process',
          include: [PROCESS],
          exclude: IGNORED,
          ...QUICK,
        },
      },
      {
        test: {
          name: 'docker',
          include: [DOCKER],
          exclude: IGNORED,
          // One engine serves them all: side by side they would fight for ports, subnets and the two cores.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
