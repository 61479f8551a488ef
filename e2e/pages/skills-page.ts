import { expect, type Locator, type Page } from '@playwright/test';

export class SkillsPage {
  readonly page: Page;
  readonly list: Locator;
  /** Says what became of the last save. */
  readonly proof: Locator;

  constructor(page: Page) {
    this.page = page;
    this.list = page.getByRole('navigation', { name: 'Skills' });
    this.proof = page.getByRole('status', { name: 'State of the last save' });
  }

  async open(skill: string): Promise<void> {
    await this.list.getByRole('button', { name: new RegExp(`^${skill}`) }).click();
    await expect(this.editor(skill)).toBeVisible();
  }

  /** Without waiting for an editor: a file that cannot be read has none. */
  async pick(skill: string): Promise<void> {
    await this.list.getByRole('button', { name: new RegExp(`^${skill}`) }).click();
  }

  editor(skill: string): Locator {
    return this.page.getByRole('textbox', { name: `SKILL.md of ${skill}` });
  }

  async append(skill: string, text: string): Promise<void> {
    await this.editor(skill).focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
  }

  /** The generation that the save went live with. */
  async expectLive(): Promise<{ generation: number; ms: number }> {
    const live = /Live · generation (\d+) · (\d+) ms after save/;
    await expect(this.proof).toHaveText(live);
    const found = live.exec((await this.proof.textContent()) ?? '');
    return { generation: Number(found?.[1]), ms: Number(found?.[2]) };
  }
}
