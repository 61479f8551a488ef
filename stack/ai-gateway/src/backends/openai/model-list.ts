import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';

/** Which server it is, as far as its list of models shows; decides which of its own paths may be asked. */
export type UpstreamFlavour = 'vllm' | 'llama-server' | 'ollama' | 'lm-studio' | 'other';

export interface UpstreamModel {
  readonly id: string;
  readonly ownedBy: string | undefined;
  readonly contextSize: number | undefined;
}

export interface ModelList {
  readonly flavour: UpstreamFlavour;
  readonly models: readonly UpstreamModel[];
}

const MAX_MODELS = 5000;
const MAX_CONTEXT = 1_000_000_000;
/** Names under which servers and clouds tell the length of the context; vLLM's first. */
const CONTEXT_KEYS = [
  'max_model_len',
  'loaded_context_length',
  'max_context_length',
  'context_length',
  'context_window',
  'max_input_tokens',
];
/** Of llama-server: what it was started with, then what the model was trained for. */
const META_CONTEXT_KEYS = ['n_ctx', 'n_ctx_train'];

const ListSchema = z.object({ data: z.array(z.unknown()).max(100_000) });

/** Reads `GET /v1/models`. Undefined when it is no such list; entries that are none are left out. */
export function parseModelList(value: unknown): ModelList | undefined {
  const list = ListSchema.safeParse(value);
  if (!list.success) return undefined;
  const entries = list.data.data.filter(isJsonObject).slice(0, MAX_MODELS);
  const models = entries.flatMap((entry): UpstreamModel[] => {
    const { id, owned_by: owner } = entry;
    if (typeof id !== 'string' || id === '' || id.length > 512) return [];
    const ownedBy = typeof owner === 'string' && owner !== '' ? owner.slice(0, 200) : undefined;
    return [{ id, ownedBy, contextSize: contextOf(entry) }];
  });
  return { flavour: flavourOf(entries), models };
}

/** Reads Ollama's `POST /api/show`: `model_info` has one `<architecture>.context_length`. */
export function contextOfOllama(value: unknown): number | undefined {
  const info = isJsonObject(value) ? value.model_info : undefined;
  if (!isJsonObject(info)) return undefined;
  const key = Object.keys(info).find((name) => name.endsWith('.context_length'));
  return key === undefined ? undefined : sizeIn(info, [key]);
}

function contextOf(entry: JsonObject): number | undefined {
  const { meta } = entry;
  return sizeIn(entry, CONTEXT_KEYS) ?? (isJsonObject(meta) ? sizeIn(meta, META_CONTEXT_KEYS) : undefined);
}

function sizeIn(values: JsonObject, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = values[key];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_CONTEXT)
      return value;
  }
  return undefined;
}

function flavourOf(entries: readonly JsonObject[]): UpstreamFlavour {
  const [first] = entries;
  switch (first?.owned_by) {
    case 'vllm':
      return 'vllm';
    case 'llamacpp':
      return 'llama-server';
    case 'library':
      return 'ollama';
    case 'organization_owner':
      return 'lm-studio';
    default:
      return 'other';
  }
}
