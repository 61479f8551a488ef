import type { OperationProgress } from '../stack-engine.ts';
import type { ProgressMessage } from './progress-message.ts';

interface Layer {
  readonly total: number;
  /** 0…1: the download counts for 70 % of a layer, unpacking for the rest. */
  readonly done: number;
}

const DOWNLOAD_SHARE = 0.7;
const MAX_LAYERS = 1000;
/** What a layer counts whose size is not known yet, so that the bar does not jump to its end. */
const UNKNOWN_LAYER_BYTES = 1;

/** Adds the layers of a pull up to one progress. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();

  /** Undefined when the message changes nothing that is worth showing. */
  apply(message: ProgressMessage): OperationProgress | undefined {
    const { id, status } = message;
    if (id === undefined || status === undefined) return undefined;
    const before = this.#layers.get(id);
    const next = nextLayer(before, status, message);
    if (!next || (before === undefined && this.#layers.size >= MAX_LAYERS)) return undefined;
    this.#layers.set(id, next);
    return this.#sum();
  }

  #sum(): OperationProgress {
    let current = 0;
    let total = 0;
    let complete = 0;
    for (const layer of this.#layers.values()) {
      total += layer.total;
      current += Math.round(layer.total * layer.done);
      if (layer.done === 1) complete += 1;
    }
    const isSized = [...this.#layers.values()].every(({ total, done }) => total > 1 || done === 1);
    const text = `${complete}/${this.#layers.size}`;
    return isSized && total > 1 ? { current, total, text } : { text };
  }
}

function nextLayer(before: Layer | undefined, status: string, message: ProgressMessage): Layer | undefined {
  const total = Math.max(message.total ?? 0, before?.total ?? UNKNOWN_LAYER_BYTES);
  const share = message.total ? Math.min(1, (message.current ?? 0) / message.total) : 0;
  const atLeast = (done: number): Layer => ({ total, done: Math.max(done, before?.done ?? 0) });
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return atLeast(0);
    case 'Downloading':
      return atLeast(share * DOWNLOAD_SHARE);
    case 'Verifying Checksum':
    case 'Download complete':
      return atLeast(DOWNLOAD_SHARE);
    case 'Extracting':
      // The total of the unpacking is the same size again, or a step count on newer engines.
      return { total: before?.total ?? total, done: DOWNLOAD_SHARE + share * (1 - DOWNLOAD_SHARE) };
    case 'Pull complete':
    case 'Already exists':
      return { total: before?.total ?? UNKNOWN_LAYER_BYTES, done: 1 };
    default:
      return undefined;
  }
}
