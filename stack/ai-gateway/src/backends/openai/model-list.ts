import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';

/** Which server it is, as far as its list of models shows; decides which of its own paths may be asked. */
export type UpstreamFlavour = 'vllm' | 'llama-server' | 'ollama' | 'lm-studio' | 'other';

export interface UpstreamModel extends ModelCard {
  readonly id: string;
  readonly ownedBy: string | undefined;
}

/** What a server tells of a model, as far as it does. */
export interface ModelCard {
  readonly contextSize?: number;
  readonly parameters?: number;
  /** Whether it was made to call tools. */
  readonly tools?: boolean;
}

export interface ModelList {
  readonly flavour: UpstreamFlavour;
  readonly models: readonly UpstreamModel[];
}

const MAX_MODELS = 5000;
const MAX_CONTEXT = 1_000_000_000;
const MAX_PARAMETERS = 1e15;
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
    const meta = isJsonObject(entry.meta) ? entry.meta : {};
    const contextSize = sizeIn(entry, CONTEXT_KEYS) ?? sizeIn(meta, META_CONTEXT_KEYS);
    return [
      { id, ownedBy, ...known({ contextSize, parameters: sizeIn(meta, ['n_params'], MAX_PARAMETERS) }) },
    ];
  });
  return { flavour: flavourOf(entries), models };
}

/** Reads Ollama's `POST /api/show`: `model_info` has one `<architecture>.context_length`. */
export function cardOfOllama(value: unknown): ModelCard {
  const { capabilities, model_info: told } = isJsonObject(value) ? value : {};
  const info = isJsonObject(told) ? told : {};
  const length = Object.keys(info).find((name) => name.endsWith('.context_length'));
  return known({
    contextSize: length === undefined ? undefined : sizeIn(info, [length]),
    parameters: sizeIn(info, ['general.parameter_count'], MAX_PARAMETERS),
    tools: Array.isArray(capabilities) ? capabilities.includes('tools') : undefined,
  });
}

/** Reads llama-server's `GET /props`. */
export function cardOfLlamaServer(value: unknown): ModelCard {
  const caps = isJsonObject(value) ? value.chat_template_caps : undefined;
  if (!isJsonObject(caps)) return {};
  return { tools: caps.supports_tools === true && caps.supports_tool_calls === true };
}

/** Without what is not known. */
function known(card: { [Key in keyof ModelCard]: ModelCard[Key] | undefined }): ModelCard {
  return Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
}

function sizeIn(values: JsonObject, keys: readonly string[], limit = MAX_CONTEXT): number | undefined {
  for (const key of keys) {
    const value = values[key];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= limit) return value;
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
