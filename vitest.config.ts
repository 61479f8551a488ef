import { defineConfig } from 'vitest/config';

const IGNORED = ['**/node_modules/**', '**/dist/**', 'out/**', 'release/**', '.cache/**', 'e2e/**'];

// Two projects: what runs anywhere, and what needs a Docker engine.
export default defineConfig({
  test: {
    // Most of the time somebody waits for a process; left to itself vitest would use one of two cores.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mjs}'],
          exclude: [...IGNORED, '**/*.docker.test.ts'],
          // Files share the modules of their worker: to load them for each of 200 files takes longer than the tests. No test mocks a module.
          isolate: false,
          // A busy machine is no fault of what is tested.
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['**/*.docker.test.ts'],
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
