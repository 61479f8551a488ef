import { estimateTokens } from '@skilldeck/agent-skills';
import { objectsIn } from '../dialects/answers/answer-chunks.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

export interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

/**
 * What a request has cost. A backend tells that at the end of an answer, if it does: whoever leaves before it, or fails,
 * has used the model all the same, and what has come until then is estimated.
 */
export class SpentTokens {
  #told: Tokens | undefined;
  #written = 0;

  /** A piece of a stream. */
  addChunk(chunk: JsonObject): void {
    this.#note(chunk.usage);
    if (this.#told === undefined) this.#written += tokensOf(chunk.choices);
  }

  /** A whole answer; put together from chunks that were added, it is not counted again. */
  addWhole(body: JsonObject): void {
    this.#note(body.usage);
    if (this.#told === undefined && this.#written === 0) this.#written = tokensOf(body.choices);
  }

  /** @param prompt what the prompt is taken to have cost where nobody says; undefined: no backend has read it */
  total(prompt: number | undefined): Tokens | undefined {
    if (this.#told !== undefined) return this.#told;
    return prompt === undefined ? undefined : { prompt, completion: this.#written };
  }

  #note(usage: unknown): void {
    if (!isJsonObject(usage)) return;
    const { completion_tokens: completion, prompt_tokens: prompt } = usage;
    this.#told = { prompt: Number(prompt) || 0, completion: Number(completion) || 0 };
  }
}

function tokensOf(choices: unknown): number {
  let tokens = 0;
  for (const { delta, message, text } of objectsIn(choices)) {
    if (typeof text === 'string') tokens += estimateTokens(text);
    const words = isJsonObject(delta) ? delta : isJsonObject(message) ? message : {};
    for (const key of Object.keys(words)) {
      const value = words[key];
      if (key !== 'role' && typeof value === 'string') tokens += estimateTokens(value);
    }
    for (const call of objectsIn(words.tool_calls)) {
      const given = isJsonObject(call.function) ? call.function : {};
      if (typeof given.arguments === 'string') tokens += estimateTokens(given.arguments);
    }
  }
  return tokens;
}
