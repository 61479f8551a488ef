import { test as base } from '@playwright/test';
import { launchSkilldeck, type Skilldeck } from './skilldeck.ts';
import { createWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

interface Fixtures {
  /** Set with `test.use({ bench: { engine: 'docker' } })`. */
  bench: WorkbenchOptions;
  workbench: Workbench;
  skilldeck: Skilldeck;
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
});

export { expect } from '@playwright/test';
