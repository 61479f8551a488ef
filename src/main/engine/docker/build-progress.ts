import { stripControls } from '../../../shared/logs/strip-controls.ts';
import type { Phase } from '../../../shared/stack/plan-view.ts';
import type { OperationProgress } from '../stack-engine.ts';

const STEP = /^Step (\d+)\/(\d+) : (.*)$/;
/** Instructions that install dependencies: the long part of a build, with a phase of its own on the time line. */
const INSTALL =
  /\b(npm|pnpm|yarn|bun)\s+(ci|i|install|add)\b|\b(pip3?|uv|poetry|cargo|gem|bundle|go)\s+(install|mod|sync|add|fetch)\b|\b(apt|apt-get|apk|dnf|yum)\s+(-\S+\s+)*(install|add|update)\b/;
const MAX_REST_CHARS = 16 * 1024;
const MAX_LINES = 20;

/** Reads the text of the classic builder: steps, their phase, their output. */
export class BuildProgress {
  #rest = '';
  #step = '';
  readonly #stepLines: string[] = [];

  /** The instruction under way and its last lines, for the sentence of a failure. */
  get failed(): { readonly step: string; readonly lines: readonly string[] } {
    return { step: this.#step, lines: this.#stepLines };
  }

  /** Text as it comes, whole lines or not. */
  apply(text: string): readonly OperationProgress[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_REST_CHARS);
    return lines
      .map((line) => stripControls(line, false))
      .filter((line) => line.trim() !== '')
      .map((line) => this.#line(line));
  }

  end(): readonly OperationProgress[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : this.apply(`${rest}\n`);
  }

  #line(line: string): OperationProgress {
    const step = STEP.exec(line);
    if (!step) {
      this.#stepLines.push(line);
      this.#stepLines.splice(0, Math.max(0, this.#stepLines.length - MAX_LINES));
      return { output: line };
    }
    const [, current, total, instruction = ''] = step;
    this.#step = instruction;
    this.#stepLines.length = 0;
    return {
      phase: phaseOf(instruction),
      current: Number(current) - 1,
      total: Number(total),
      text: instruction,
      output: line,
    };
  }
}

export function phaseOf(instruction: string): Phase {
  return /^RUN\b/i.test(instruction) && INSTALL.test(instruction) ? 'dependencies' : 'image';
}
