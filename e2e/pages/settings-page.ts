import type { Locator, Page } from '@playwright/test';

export class SettingsPage {
  readonly page: Page;
  readonly chooseModelFile: Locator;

  constructor(page: Page) {
    this.page = page;
    this.chooseModelFile = page.getByRole('button', { name: /^Choose a file/ });
  }
}
