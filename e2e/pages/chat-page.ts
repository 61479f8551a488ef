import { expect, type Locator, type Page } from '@playwright/test';

export class ChatPage {
  readonly page: Page;
  readonly message: Locator;
  readonly answers: Locator;
  readonly useRealModel: Locator;

  constructor(page: Page) {
    this.page = page;
    this.message = page.getByRole('textbox', { name: 'Message' });
    this.answers = page.getByRole('article', { name: 'Answer' });
    this.useRealModel = page.getByRole('button', { name: 'Use a real model' });
  }

  /** Sends a question and returns its answer when it has come to its end. */
  async ask(question: string): Promise<Locator> {
    const before = await this.answers.count();
    await this.message.fill(question);
    await this.message.press('Enter');
    const answer = this.answers.nth(before);
    await expect(answer).toBeVisible();
    await expect(this.page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden({
      timeout: 60_000,
    });
    return answer;
  }

  async newChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).first().click();
  }

  /** Through the offer under the demo model: any OpenAI-compatible address. */
  async chooseUpstream(address: string): Promise<void> {
    await this.useRealModel.click();
    const dialog = this.page.getByRole('dialog');
    const form = dialog.getByRole('textbox', { name: 'Address' });
    await form.fill(address);
    await form.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(this.useRealModel).toBeHidden();
  }
}
