import type { GatewayModel, ModelProcessStatus } from '@skilldeck/agent-skills';
import type { BackendConfig } from '../config/backend-schema.ts';
import type { GatewayErrorCode } from '../gateway-error.ts';
import type { JsonObject } from '../json.ts';
import type { TraceContext } from '../observability/trace-context.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  GenerationRequest,
  TextGeneration,
} from '../pipeline/generation-request.ts';

/** One attempt at one backend. */
export interface BackendCall<R extends GenerationRequest = GenerationRequest> {
  readonly requestId: string;
  /** Skills are applied already; `model` is the backend's own name, or undefined for its default. */
  readonly request: R;
  /** W3C trace context of this call, for the backend's own traces. */
  readonly trace: TraceContext | undefined;
  readonly signal: AbortSignal;
  /** Told when a stream fails that has begun well, so that the backend's circuit breaker learns of it. */
  readonly onFailure?: (error: unknown) => void;
  /**
   * Told once, when the first token of the answer is there, also where the answer is given whole. A backend that cannot see
   * inside of a whole answer does not tell.
   */
  readonly onFirstToken?: () => void;
}

/**
 * An answer in the OpenAI wire format of the operation (`chat.completion` and its chunks, `text_completion`, `list` of
 * embeddings). The backend has ended when `chunks` has, or with the whole body. Leaving the loop early ends it.
 */
export type BackendAnswer =
  | { readonly kind: 'whole'; readonly body: JsonObject }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<JsonObject> };

export type BackendState =
  | { readonly kind: 'loading'; readonly message: string; readonly progress?: number | undefined }
  | { readonly kind: 'ready' }
  /** Not loaded for want of use; the next request loads it and waits. */
  | { readonly kind: 'sleeping' }
  | { readonly kind: 'unavailable'; readonly code: GatewayErrorCode; readonly message: string };

/** Something that answers requests. What it cannot do it refuses with `unsupported` and a sentence, before the first byte. */
export interface Backend {
  readonly name: string;
  readonly kind: 'llama-cpp' | 'openai';
  /** Requests that it works on side by side; more wait in the gateway's queue. */
  readonly concurrency: number;
  readonly state: BackendState;
  /** The model used when the request names none, as far as known. */
  readonly model: GatewayModel | undefined;
  readonly models: readonly string[];
  /** What is known of one of them. */
  describe?(model: string): GatewayModel | undefined;
  /** Whether a model nobody has listed may be asked for all the same. */
  readonly takesAnyModel: boolean;
  /** Tells one version of the model from another, for caches; undefined: the name is all that is known. */
  digestOf(model: string | undefined): string | undefined;
  chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer>;
  complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer>;
  embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer>;
  /** Tokens of a text by the model's own tokenizer; undefined where the backend has none to ask. */
  countTokens(text: string, signal: AbortSignal): Promise<number | undefined>;
  /** Of backends that run their model themselves. */
  readonly processStatus?: ModelProcessStatus;
  /** Takes new values that cost it nothing (`LIVE_FIELDS` of the pool). */
  reconfigure?(config: BackendConfig): void;
  /** Resolve when done; backends that cannot reject with `unsupported`. */
  load(): Promise<void>;
  /** @param force also while it answers requests, which fail; without it that is refused with `backend_busy` */
  unload(force?: boolean): Promise<void>;
  dispose(): Promise<void>;
}

/** What is known of one of a backend's models; undefined: its default. */
export function modelOf(backend: Backend, id: string | undefined): GatewayModel | undefined {
  const { model } = backend;
  return id === undefined || id === model?.id ? model : backend.describe?.(id);
}

/** Asks a backend in the way that the operation wants. */
export function askBackend(backend: Backend, call: BackendCall): Promise<BackendAnswer> {
  const { request } = call;
  switch (request.operation) {
    case 'chat':
      return backend.chat({ ...call, request });
    case 'text_completion':
      return backend.complete({ ...call, request });
    case 'embeddings':
      return backend.embed({ ...call, request });
  }
}
