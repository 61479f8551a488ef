import { expect, type Locator, type Page } from '@playwright/test';

export class StackPage {
  readonly page: Page;
  readonly start: Locator;
  readonly stop: Locator;
  readonly startNow: Locator;
  readonly planDialog: Locator;
  readonly run: Locator;

  constructor(page: Page) {
    this.page = page;
    // The header has one, and the empty map another.
    this.start = page.getByRole('button', { name: /^(Start|Review plan)/ }).first();
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.planDialog = page.getByRole('dialog', { name: 'What Start will do' });
    this.startNow = this.planDialog.getByRole('button', { name: 'Start now' });
    this.run = page.getByRole('region', { name: 'Run' });
  }

  /** A service on the map, as a screen reader names it. */
  node(service: string, state?: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${service} .*\\b${state ?? ''}`) });
  }

  async expectState(state: 'running' | 'stopped' | 'starting', timeout = 60_000): Promise<void> {
    await expect(this.page.getByRole('contentinfo').getByText(state, { exact: true })).toBeVisible({
      timeout,
    });
  }

  async expectPhases(...phases: string[]): Promise<void> {
    const legend = this.page.getByRole('list', { name: 'Phases' });
    for (const phase of phases) await expect(legend.getByText(phase, { exact: true })).toBeVisible();
  }
}
