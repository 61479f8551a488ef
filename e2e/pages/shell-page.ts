import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page.ts';
import { LogsPage } from './logs-page.ts';
import { SettingsPage } from './settings-page.ts';
import { SkillsPage } from './skills-page.ts';
import { StackPage } from './stack-page.ts';
import { TerminalPage } from './terminal-page.ts';

/** The rail: every way from page to page returns the page that it leads to. */
export class ShellPage {
  readonly page: Page;
  readonly rail: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rail = page.getByRole('navigation', { name: 'Pages' });
  }

  async openStack(): Promise<StackPage> {
    await this.#go('Stack');
    return new StackPage(this.page);
  }

  async openSkills(): Promise<SkillsPage> {
    await this.#go('Skills');
    return new SkillsPage(this.page);
  }

  async openChat(): Promise<ChatPage> {
    await this.#go('Chat');
    return new ChatPage(this.page);
  }

  async openLogs(): Promise<LogsPage> {
    await this.#go('Logs');
    return new LogsPage(this.page);
  }

  async openTerminal(): Promise<TerminalPage> {
    await this.#go('Terminal');
    return new TerminalPage(this.page);
  }

  async openSettings(): Promise<SettingsPage> {
    await this.#go('Settings');
    return new SettingsPage(this.page);
  }

  async #go(name: string): Promise<void> {
    await this.rail.getByRole('button', { name }).or(this.rail.getByRole('link', { name })).click();
  }
}
