import type { Locator, Page } from '@playwright/test';

export class LogsPage {
  readonly page: Page;
  /** xterm's rows, as a screen reader reads them. */
  readonly lines: Locator;

  constructor(page: Page) {
    this.page = page;
    this.lines = page.getByRole('region', { name: 'Logs' });
  }
}
