import { StringDecoder } from 'node:string_decoder';
import { stripControls } from '../../../shared/logs/strip-controls.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { phaseOf } from './build-progress.ts';
import type { Trace, TraceVertex } from './buildkit/trace.ts';

interface Step {
  readonly name: string;
  readonly isCounted: boolean;
  isStarted: boolean;
  isCompleted: boolean;
  /** Last lines of its output, newest last. */
  readonly lines: string[];
  readonly decoder: StringDecoder;
  rest: string;
}

const MAX_STEPS = 5000;
const MAX_LINES = 20;
const MAX_REST_CHARS = 16 * 1024;

/** Reads BuildKit's trace: steps, their phase, their output. Steps run side by side and are named as they start. */
export class TraceProgress {
  readonly #steps = new Map<string, Step>();
  #failed: Step | undefined;

  /** The instruction that failed and its last lines, which come after the failure is told. */
  get failed(): { readonly step: string; readonly lines: readonly string[] } | undefined {
    const step = this.#failed;
    return (
      step && {
        step: instructionOf(step.name),
        lines: step.rest === '' ? step.lines : [...step.lines, step.rest],
      }
    );
  }

  apply({ vertexes, logs }: Trace): readonly OperationProgress[] {
    const reported = vertexes.flatMap((vertex) => this.#vertex(vertex));
    for (const { vertex, data } of logs) {
      const step = this.#steps.get(vertex);
      if (step) reported.push(...addOutput(step, step.decoder.write(data)));
    }
    return reported;
  }

  #vertex(vertex: TraceVertex): readonly OperationProgress[] {
    const step = this.#step(vertex);
    if (!step) return [];
    const wasStarted = step.isStarted;
    const wasCompleted = step.isCompleted;
    step.isStarted ||= vertex.isStarted;
    step.isCompleted ||= vertex.isCompleted;
    if (vertex.error !== '' && !/context canceled/i.test(vertex.error)) this.#failed ??= step;
    if (!step.isCounted) return [];
    if (step.isCompleted && !wasCompleted) {
      // One from the cache begins and ends in one message; its phase took place all the same.
      const phase = wasStarted ? {} : { phase: phaseOf(instructionOf(step.name)) };
      return [{ ...phase, ...this.#count(), ...(vertex.cached ? { output: `CACHED ${step.name}` } : {}) }];
    }
    if (step.isStarted && !wasStarted) {
      const text = instructionOf(step.name);
      return [{ phase: phaseOf(text), ...this.#count(), text, output: step.name }];
    }
    return [];
  }

  #step({ digest, name }: TraceVertex): Step | undefined {
    const known = this.#steps.get(digest);
    if (known || this.#steps.size >= MAX_STEPS) return known;
    const isCounted = !/^\[(internal|auth)\]|^exporting |^resolve image config/.test(name);
    const step = {
      name,
      isCounted,
      isStarted: false,
      isCompleted: false,
      lines: [],
      decoder: new StringDecoder('utf8'),
      rest: '',
    };
    this.#steps.set(digest, step);
    return step;
  }

  #count(): { readonly current: number; readonly total: number } {
    const counted = [...this.#steps.values()].filter(({ isCounted }) => isCounted);
    return { current: counted.filter(({ isCompleted }) => isCompleted).length, total: counted.length };
  }
}

function addOutput(step: Step, text: string): readonly OperationProgress[] {
  const lines = (step.rest + text).split('\n');
  step.rest = (lines.pop() ?? '').slice(-MAX_REST_CHARS);
  const clean = lines.map((line) => stripControls(line, false)).filter((line) => line.trim() !== '');
  step.lines.push(...clean);
  step.lines.splice(0, Math.max(0, step.lines.length - MAX_LINES));
  return clean.map((output) => ({ output }));
}

/** `[build 2/5] RUN npm ci` → `RUN npm ci` */
function instructionOf(name: string): string {
  return name.replace(/^\[[^\]]*\]\s*/, '');
}
