import type { LayerProgress } from '../../../shared/stack/run-record.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { ProgressMessage } from './progress-message.ts';

interface Layer {
  readonly status: LayerProgress['status'];
  /** Bytes of the download; it is what the layer weighs in the sum. */
  readonly weight: number;
  /** 0…1: the download counts for 70 % of a layer, unpacking for the rest. */
  readonly done: number;
  readonly current?: number;
  readonly total?: number;
}

const DOWNLOAD_SHARE = 0.7;
const MAX_LAYERS = 1000;
/** As the contract says. */
const MAX_SHOWN_LAYERS = 128;
/** What a layer counts whose size is not known yet, so that the bar does not jump to its end. */
const UNKNOWN_LAYER_BYTES = 1;

/** Adds the layers of a pull up to one progress, and tells each. */
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
    const layers = [...this.#layers];
    let current = 0;
    let total = 0;
    let complete = 0;
    for (const [, { weight, done }] of layers) {
      total += weight;
      current += Math.round(weight * done);
      if (done === 1) complete += 1;
    }
    const isSized = layers.every(([, { weight, done }]) => weight > UNKNOWN_LAYER_BYTES || done === 1);
    const progress = {
      text: `${complete}/${layers.length}`,
      layers: layers.slice(0, MAX_SHOWN_LAYERS).map(toShown),
    };
    return isSized && total > 1 ? { current, total, ...progress } : progress;
  }
}

function toShown([id, { status, current, total }]: readonly [string, Layer]): LayerProgress {
  return {
    id,
    status,
    ...(current === undefined ? {} : { current }),
    ...(total === undefined ? {} : { total }),
  };
}

function nextLayer(before: Layer | undefined, status: string, message: ProgressMessage): Layer | undefined {
  const weight = Math.max(message.total ?? 0, before?.weight ?? UNKNOWN_LAYER_BYTES);
  const share = message.total ? Math.min(1, (message.current ?? 0) / message.total) : 0;
  const bytes = message.total ? { current: message.current ?? 0, total: message.total } : {};
  const atLeast = (status: Layer['status'], done: number): Layer => ({
    status,
    weight,
    done: Math.max(done, before?.done ?? 0),
    ...bytes,
  });
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return atLeast('waiting', 0);
    case 'Downloading':
      return atLeast('downloading', share * DOWNLOAD_SHARE);
    case 'Verifying Checksum':
    case 'Download complete':
      return atLeast('downloading', DOWNLOAD_SHARE);
    case 'Extracting':
      // The total of the unpacking is the same size again, or seconds without a total on newer engines.
      return {
        status: 'extracting',
        weight: before?.weight ?? weight,
        done: DOWNLOAD_SHARE + share * (1 - DOWNLOAD_SHARE),
        ...bytes,
      };
    case 'Pull complete':
    case 'Already exists':
      return { status: 'done', weight: before?.weight ?? UNKNOWN_LAYER_BYTES, done: 1 };
    default:
      return undefined;
  }
}
