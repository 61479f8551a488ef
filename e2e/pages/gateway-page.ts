import type { Locator, Page } from '@playwright/test';
import type { en, zh } from '../specs/gateway-keys-words.ts';

/** The parts of the gateway's page that deal with keys and skills. */
export class GatewayPage {
  readonly keys: Locator;
  readonly generations: Locator;
  readonly dryRun: Locator;
  readonly #page: Page;
  readonly #words: typeof en | typeof zh;

  constructor(page: Page, words: typeof en | typeof zh) {
    this.#page = page;
    this.#words = words;
    this.keys = page.getByRole('region', { name: words.keys });
    this.generations = page.getByRole('region', { name: words.generations });
    this.dryRun = page.getByRole('region', { name: words.dryRun });
  }

  async open(): Promise<void> {
    await this.#page.getByRole('navigation').getByRole('button', { name: this.#words.title }).click();
    await this.keys.scrollIntoViewIfNeeded();
  }

  dialog(name: string | RegExp): Locator {
    return this.#page.getByRole('dialog', { name });
  }

  rowOf(key: string): Locator {
    return this.keys.getByRole('row').filter({ has: this.#page.getByRole('rowheader', { name: key }) });
  }

  async choose(key: string, item: string): Promise<void> {
    await this.rowOf(key).getByRole('button').click();
    await this.#page.getByRole('menuitem', { name: item }).click();
  }
}
