import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.cache/e2e-results',
  // Every test starts an application and some a whole stack: one at a time, so that none is slow because of another.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.SKILLDECK_E2E_REPORT ?? '.cache/reports/e2e.json' }],
  ],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
