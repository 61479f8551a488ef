import type { Locator, Page } from '@playwright/test';

/** An error where it happened: what, why, and buttons that mend it. */
export class ProblemCard {
  readonly card: Locator;

  constructor(page: Page, title: string | RegExp) {
    this.card = page.getByRole('alert').filter({ hasText: title });
  }

  button(name: string): Locator {
    return this.card.getByRole('button', { name, exact: true });
  }
}
