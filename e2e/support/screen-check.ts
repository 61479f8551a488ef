import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { REPOSITORY } from './skilldeck.ts';

const PICTURES = path.join(REPOSITORY, '.cache/screens');
/** `shell.quit.title`: what i18next shows when a text is missing. */
const KEY_LIKE = /^[a-z]\w*(?:[.:][a-z]\w*)*[.:][a-z]+[A-Z]?\w*$/;
/** File names, hosts and versions look the same. */
const NO_KEY = /\.(?:ts|js|md|sh|yaml|json|gguf|exe|cpp|txt)$|^\d|localhost|example\./;

/** Looks at a window as a person with and without a screen reader would, and keeps a picture of it. */
export class ScreenCheck {
  readonly #page: Page;
  readonly #prefix: string;
  readonly #errors: string[] = [];

  constructor(page: Page, prefix: string) {
    this.#page = page;
    this.#prefix = prefix;
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(error.message));
  }

  async check(name: string): Promise<void> {
    await this.settle();
    await this.picture(name);
    const axe = await new AxeBuilder({ page: this.#page }).setLegacyMode().analyze();
    const violations = axe.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join('\n')}`,
      );
    expect.soft(violations, `${name}: accessibility`).toEqual([]);
    expect.soft(await this.#overflow(), `${name}: wider than the window`).toBe(0);
    expect.soft(await this.#untranslated(), `${name}: untranslated`).toEqual([]);
    expect.soft(this.#errors.splice(0), `${name}: console errors`).toEqual([]);
  }

  async picture(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    await this.#page.screenshot({ path: path.join(PICTURES, `${this.#prefix}-${name}.png`) });
  }

  /** Until transitions are over: colours between two states would be judged otherwise. */
  async settle(): Promise<void> {
    await this.#page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      // A dialog begins to move some frames after it is there.
      for (let still = 0; still < 5; still += 1) {
        await frame();
        const running = document
          .getAnimations()
          .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
        if (running.length > 0) still = 0;
        await Promise.allSettled(running.map((animation) => animation.finished));
      }
    });
  }

  #overflow(): Promise<number> {
    return this.#page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return Math.max(0, scrollWidth - clientWidth);
    });
  }

  async #untranslated(): Promise<string[]> {
    const texts = await this.#page.evaluate(() => {
      const found: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        // What a person or a service wrote is theirs.
        if (!node.parentElement?.closest('.xterm, .monaco-editor, code, pre, script, style'))
          found.push(node.textContent?.trim() ?? '');
      }
      for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
        for (const name of ['aria-label', 'title', 'placeholder'])
          found.push(element.getAttribute(name)?.trim() ?? '');
      return found;
    });
    return texts.filter((text) => KEY_LIKE.test(text) && !NO_KEY.test(text));
  }
}
