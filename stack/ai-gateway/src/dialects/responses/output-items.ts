import type { JsonObject } from '../../json.ts';
import type { AnswerContext } from '../dialect.ts';
import { idOf } from './response-object.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** One item of an answer, complete or growing. */
export type OutputItem =
  | { readonly kind: 'reasoning'; readonly index: number; text: string }
  | { readonly kind: 'message'; readonly index: number; readonly parts: MessagePart[] }
  | {
      readonly kind: 'call';
      readonly index: number;
      readonly callId: string;
      name: string;
      argumentsText: string;
    };

export type MessagePart =
  | { readonly kind: 'text'; text: string; readonly logprobs: unknown[] }
  | { readonly kind: 'refusal'; text: string };

const PREFIXES = { reasoning: 'rs', message: 'msg', call: 'fc' } as const;

export function itemId({ index, kind }: OutputItem, context: AnswerContext): string {
  return idOf(PREFIXES[kind], context, index);
}

export function toItem(item: OutputItem, status: ItemStatus, context: AnswerContext): JsonObject {
  const id = itemId(item, context);
  switch (item.kind) {
    case 'reasoning': {
      const content = item.text === '' ? [] : [reasoningPart(item.text)];
      return { id, type: 'reasoning', summary: [], content, encrypted_content: null, status };
    }
    case 'message':
      return { id, type: 'message', status, role: 'assistant', content: item.parts.map(toPart) };
    case 'call': {
      const { argumentsText, callId, name } = item;
      return { id, type: 'function_call', call_id: callId, name, arguments: argumentsText, status };
    }
  }
}

export const reasoningPart = (text: string): JsonObject => ({ type: 'reasoning_text', text });

export function toPart(part: MessagePart): JsonObject {
  if (part.kind === 'refusal') return { type: 'refusal', refusal: part.text };
  return { type: 'output_text', text: part.text, annotations: [], logprobs: part.logprobs };
}
