import type { ApiImage } from './api-types.ts';
import type { DockerApi } from './docker-api.ts';
import { statusOf } from './engine-errors.ts';

/** Long enough for the create calls of one run, too short for another program's pull to be missed. */
const KEPT_MS = 2000;

interface Entry {
  readonly at: number;
  readonly image: Promise<ApiImage | undefined>;
}

/** Many containers of one image are made in a run; the engine is asked about it once. */
export class ImageCache {
  readonly #api: DockerApi;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(api: DockerApi, now: () => number = () => performance.now()) {
    this.#api = api;
    this.#now = now;
  }

  /** Undefined when the engine does not have it. */
  get(reference: string, signal: AbortSignal): Promise<ApiImage | undefined> {
    const known = this.#entries.get(reference);
    if (known !== undefined && this.#now() - known.at < KEPT_MS) return known.image;
    const image = inspectImage(this.#api, reference, signal);
    this.#entries.set(reference, { at: this.#now(), image });
    image.catch(() => this.#entries.delete(reference));
    return image;
  }

  /** After a pull, a build or a change of tags. */
  clear(): void {
    this.#entries.clear();
  }
}

const CACHES = new WeakMap<DockerApi, ImageCache>();

export function imageCache(api: DockerApi): ImageCache {
  const known = CACHES.get(api) ?? new ImageCache(api);
  CACHES.set(api, known);
  return known;
}

export async function inspectImage(
  api: DockerApi,
  reference: string,
  signal: AbortSignal,
): Promise<ApiImage | undefined> {
  try {
    return await api.json<ApiImage>({ path: `/images/${encodeURI(reference)}/json`, signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
