import { expect, type Locator, type Page } from '@playwright/test';

export class StackPage {
  readonly page: Page;
  readonly start: Locator;
  readonly stop: Locator;
  readonly startNow: Locator;
  readonly planDialog: Locator;
  readonly run: Locator;
  readonly inspector: Locator;

  constructor(page: Page) {
    this.page = page;
    // The header has one, and the empty map another.
    this.start = page.getByRole('button', { name: /^(Start|Review plan)/ }).first();
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.planDialog = page.getByRole('dialog', { name: 'What Start will do' });
    this.startNow = this.planDialog.getByRole('button', { name: 'Start now' });
    this.run = page.getByRole('region', { name: 'Run' });
    this.inspector = page.getByRole('complementary');
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

  /** The run that is shown has come to its end in this way. */
  async expectOutcome(outcome: string, timeout = 60_000): Promise<void> {
    await expect(this.run.getByText(new RegExp(`· ${outcome}`)).first()).toBeVisible({ timeout });
  }

  /** The row of a service in the plan: what happens to it, and why. */
  planned(service: string): Locator {
    const rows = this.planDialog.getByRole('list', { name: 'Services' }).locator('> li');
    return rows.filter({ has: this.page.getByRole('heading', { name: service, exact: true }) });
  }

  async reviewAndStart(): Promise<void> {
    await this.start.click();
    await this.startNow.click();
    await expect(this.planDialog).toBeHidden();
  }

  async scale(service: string, by: 'One more' | 'One less', to: number): Promise<void> {
    await this.node(service).click();
    await this.inspector.getByRole('button', { name: by }).click();
    await this.inspector.getByRole('button', { name: `Scale to ${to}` }).click();
  }

  async showTab(name: 'Timeline' | 'Plan' | 'History'): Promise<void> {
    await this.run.getByText(name, { exact: true }).first().click();
  }

  async openDown(project: string): Promise<Locator> {
    await this.page.getByRole('button', { name: `More for ${project}` }).click();
    await this.page.getByRole('menuitem', { name: 'Take down …' }).click();
    return this.page.getByRole('dialog', { name: `Take down ${project}` });
  }
}
