import type { Locator, Page } from '@playwright/test';

export class TerminalPage {
  readonly page: Page;
  readonly screen: Locator;
  readonly runInit: Locator;

  constructor(page: Page) {
    this.page = page;
    this.screen = page.getByRole('region', { name: 'Terminal' });
    this.runInit = page.getByRole('button', { name: 'Run init.sh' });
  }

  async openShell(service: string): Promise<void> {
    await this.page.getByRole('button', { name: `Open a shell in ${service}` }).click();
  }

  async type(command: string): Promise<void> {
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }
}
