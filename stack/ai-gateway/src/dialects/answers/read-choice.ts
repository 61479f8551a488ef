import { isJsonObject, type JsonObject } from '../../json.ts';
import { objectsIn } from './answer-chunks.ts';

/** What a message or a delta of chat completions holds, whatever a server calls it. */
export interface SaidWords {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly calls: readonly JsonObject[];
}

/** The only choice that APIs without `n` have. */
export function firstChoice({ choices }: JsonObject): JsonObject | undefined {
  return objectsIn(choices).find(({ index }) => index === undefined || index === 0);
}

export function readWords(said: unknown): SaidWords {
  if (!isJsonObject(said)) return { text: '', reasoning: '', refusal: '', calls: [] };
  const { content, reasoning, reasoning_content: thoughts, refusal, tool_calls: calls } = said;
  return {
    text: typeof content === 'string' ? content : partsText(content),
    reasoning: textIn(thoughts) || textIn(reasoning),
    refusal: textIn(refusal),
    calls: objectsIn(calls),
  };
}

export interface TokenCounts {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export function readUsage(usage: unknown): TokenCounts | undefined {
  if (!isJsonObject(usage)) return undefined;
  const { completion_tokens: output, completion_tokens_details: outputs } = usage;
  const { prompt_tokens: input, prompt_tokens_details: inputs } = usage;
  return {
    input: count(input),
    cached: isJsonObject(inputs) ? count(inputs.cached_tokens) : 0,
    output: count(output),
    reasoning: isJsonObject(outputs) ? count(outputs.reasoning_tokens) : 0,
  };
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.round(value) : 0);

function partsText(content: unknown): string {
  return objectsIn(content)
    .map(({ text }) => textIn(text))
    .join('');
}
