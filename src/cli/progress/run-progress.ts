import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { CliContext } from '../cli-context.ts';
import { progressChanges, progressScreen } from './progress-lines.ts';

const TICK_MS = 250;

export interface RunProgressView {
  show(run: RunRecord): void;
  /** Draws the last state and leaves the cursor below it. */
  end(): void;
}

/** On a terminal a few lines that are drawn again, elsewhere a line for each change; nothing with `--json`. */
export function createProgressView(context: CliContext): RunProgressView {
  if (context.globals.json === true) return { show() {}, end() {} };
  const live =
    context.stderr.isTTY === true && context.globals.ansi !== 'never' && context.env.TERM !== 'dumb';
  return live ? liveView(context) : plainView(context);
}

function plainView({ stderr }: CliContext): RunProgressView {
  let last: RunRecord | undefined;
  return {
    show(run) {
      for (const line of progressChanges(last, run)) stderr.write(`${line}\n`);
      last = run;
    },
    end() {},
  };
}

function liveView(context: CliContext): RunProgressView {
  const { stderr } = context;
  let run: RunRecord | undefined;
  let drawn = 0;
  const draw = () => {
    if (run === undefined) return;
    const lines = progressScreen(run, context.paint.err, {
      columns: stderr.columns ?? 80,
      rows: stderr.rows ?? 24,
      now: Date.now(),
    });
    if (drawn > 0) moveCursor(stderr, 0, -drawn);
    cursorTo(stderr, 0);
    clearScreenDown(stderr);
    stderr.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  // Elapsed times go on while nothing happens.
  const timer = setInterval(draw, TICK_MS);
  timer.unref();
  return {
    show(next) {
      run = next;
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      drawn = 0;
      run = undefined;
    },
  };
}
