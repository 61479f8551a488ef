import { expect, type Locator, type Page } from '@playwright/test';

/** The menu behind the project's name in the header of the Stack page. */
export class ProjectSwitcher {
  readonly page: Page;
  readonly title: Locator;

  constructor(page: Page) {
    this.page = page;
    this.title = page.getByRole('heading', { level: 1 }).getByRole('button');
  }

  async expectShown(project: string): Promise<void> {
    await expect(this.title).toHaveText(project);
  }

  /** The system's dialog has to be stubbed to answer with the folder. */
  async openFolder(): Promise<void> {
    await this.title.click();
    await this.page.getByRole('menuitem', { name: 'Open compose project …' }).click();
  }

  async show(project: string): Promise<void> {
    await this.title.click();
    await this.page.getByRole('menuitemradio', { name: new RegExp(`^${project}`) }).click();
    await this.expectShown(project);
  }

  /** One that runs on the engine and is not open yet. */
  async openFound(project: string): Promise<void> {
    await this.title.click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${project}`) }).click();
    await this.expectShown(project);
  }

  /** The one that is shown. */
  async close(project: string): Promise<void> {
    await this.title.click();
    await this.page.getByRole('menuitem', { name: `Close ${project}` }).click();
  }
}
