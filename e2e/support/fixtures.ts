import { test as base } from '@playwright/test';
import { launchSkilldeck, type Skilldeck } from './skilldeck.ts';
import { createWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

interface Fixtures {
  /** Set with `test.use({ bench: { engine: 'docker' } })`. */
  bench: WorkbenchOptions;
  workbench: Workbench;
  skilldeck: Skilldeck;
  /** Starts the app when the test has prepared what it should find, with these variables in its environment. */
  launch: (env?: Readonly<Record<string, string>>) => Promise<Skilldeck>;
}

/** Every test gets its own profile, workspace and app; on failure the window and the terminal's lines are kept. */
export const test = base.extend<Fixtures>({
  bench: [{ engine: 'sandbox' }, { option: true }],
  workbench: async ({ bench }, use) => {
    const workbench = await createWorkbench(bench);
    await use(workbench);
    await workbench.remove();
  },
  skilldeck: async ({ workbench }, use, testInfo) => {
    const skilldeck = await launchSkilldeck(workbench);
    await use(skilldeck);
    if (testInfo.status !== testInfo.expectedStatus && !skilldeck.page.isClosed()) {
      await testInfo.attach('window', { body: await skilldeck.page.screenshot(), contentType: 'image/png' });
      await testInfo.attach('terminal', { body: skilldeck.output.join('\n'), contentType: 'text/plain' });
    }
    await skilldeck.close();
  },
  launch: async ({ workbench }, use, testInfo) => {
    const started: Skilldeck[] = [];
    await use(async (env = {}) => {
      const before = { ...process.env };
      Object.assign(process.env, env);
      try {
        const skilldeck = await launchSkilldeck(workbench);
        started.push(skilldeck);
        return skilldeck;
      } finally {
        process.env = before;
      }
    });
    for (const { close, output, page } of started) {
      if (testInfo.status !== testInfo.expectedStatus && !page.isClosed()) {
        await testInfo.attach('window', { body: await page.screenshot(), contentType: 'image/png' });
        await testInfo.attach('terminal', { body: output.join('\n'), contentType: 'text/plain' });
      }
      await close();
    }
  },
});

export { expect } from '@playwright/test';
