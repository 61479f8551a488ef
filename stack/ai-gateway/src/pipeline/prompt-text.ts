import { estimateTokens } from '@skilldeck/agent-skills';
import { textOf } from '../skills/message-text.ts';
import type { GenerationRequest } from './generation-request.ts';

/** The words that a backend has to read; what is given as tokens has none. */
export function promptText(request: GenerationRequest): string {
  return inputsOf(request)
    .filter((input) => typeof input === 'string')
    .join('\n');
}

/** What a model reads besides the messages: tools are part of its prompt. */
const READ_FIELDS = ['tools', 'functions', 'response_format'];

/** A request is asked about at its key's limits and again at the queue; its text may be long. */
const estimates = new WeakMap<GenerationRequest, number>();

/** About how many tokens a backend has to read. Pictures and sounds are not counted. */
export function estimatePromptTokens(request: GenerationRequest): number {
  const known = estimates.get(request);
  if (known !== undefined) return known;
  let tokens = 0;
  for (const input of inputsOf(request))
    tokens += typeof input === 'string' ? estimateTokens(input) : Array.isArray(input) ? input.length : 0;
  for (const name of READ_FIELDS) {
    const value = request.fields[name];
    if (typeof value === 'object' && value !== null) tokens += estimateTokens(JSON.stringify(value));
  }
  estimates.set(request, tokens);
  return tokens;
}

/** Texts, and lists of tokens. */
function inputsOf(request: GenerationRequest): readonly unknown[] {
  switch (request.operation) {
    case 'chat':
      return request.messages.map(textOf);
    case 'text_completion':
      return toList(request.prompt);
    case 'embeddings':
      return toList(request.input);
  }
}

function toList(input: unknown): readonly unknown[] {
  if (!Array.isArray(input)) return [input];
  return typeof input[0] === 'number' ? [input] : input;
}
