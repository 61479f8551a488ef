import { GatewayError } from '../../../gateway-error.ts';
import { isJsonObject, type JsonObject } from '../../../json.ts';
import { type Sampling, SamplingSchema } from '../engine/inference-protocol.ts';
import { llamaCannot } from './llama-unsupported.ts';

const SEED_BITS = 32;
const COLDEST = 0.001;

/** Picks the sampling fields of the OpenAI API, and those llama.cpp's own server knows beside them. */
export function toSampling(fields: Readonly<JsonObject>): Sampling {
  const { stop, seed } = fields;
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens ?? undefined;
  if ((fields.repeat_penalty ?? 1) !== 1)
    throw llamaCannot('take "repeat_penalty"; send "frequency_penalty"', 'repeat_penalty');
  const parsed = SamplingSchema.safeParse({
    // -1 is how llama.cpp's own server is told "no limit".
    maxTokens: maxTokens === -1 ? undefined : maxTokens,
    temperature: toTemperature(fields.temperature),
    topP: fields.top_p ?? undefined,
    topK: fields.top_k ?? undefined,
    minP: fields.min_p ?? undefined,
    seed: toSeed(seed),
    frequencyPenalty: fields.frequency_penalty ?? undefined,
    presencePenalty: fields.presence_penalty ?? undefined,
    logitBias: isJsonObject(fields.logit_bias)
      ? Object.entries(fields.logit_bias).map(([token, bias]) => [Number(token), bias])
      : (fields.logit_bias ?? undefined),
    stop: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    thoughtTokens:
      fields.reasoning_effort === 'none' || fields.reasoning_effort === 'minimal' ? 0 : undefined,
  });
  if (parsed.success) return withoutUndefined(parsed.data);
  const issue = parsed.error.issues[0];
  const param = PARAMETERS[String(issue?.path[0])] ?? 'stop';
  throw new GatewayError('invalid_request', `"${param}" is out of range: ${issue?.message ?? 'invalid'}.`, {
    param,
  });
}

/** What divides by less leaves the likeliest token only, or nothing that is a number; llama.cpp has 32 bits for it. */
function toTemperature(given: unknown): unknown {
  return typeof given === 'number' && given >= 0 && given < COLDEST ? 0 : (given ?? undefined);
}

/** Clients draw 64-bit seeds, llama.cpp has 32 bits; what is no seed is left for the schema to refuse. */
function toSeed(seed: unknown): unknown {
  if (typeof seed !== 'number' || !Number.isInteger(seed)) return seed ?? undefined;
  return Number(BigInt.asUintN(SEED_BITS, BigInt(seed)));
}

function withoutUndefined(sampling: Sampling): Sampling {
  return Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined));
}

const PARAMETERS: Readonly<Record<string, string>> = {
  maxTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  logitBias: 'logit_bias',
};
