import { isJsonObject, type JsonObject } from '../../json.ts';
import type { ChatMessage } from '../../pipeline/generation-request.ts';
import { invalidField } from '../invalid-body.ts';
import { LIMITS } from '../shapes/limits.ts';
import { unsupported } from '../unsupported.ts';
import { toChatPart } from './input-parts.ts';
import type { ResponseInputItem } from './responses-request.ts';

const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

/** The assistant's message that is being put together: thoughts, words and calls are items of their own in this API. */
interface Turn {
  texts: string[];
  thoughts: string[];
  calls: JsonObject[];
}

/** Turns the items of a conversation into chat messages. */
export function toChatMessages(input: string | readonly ResponseInputItem[]): ChatMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const messages: ChatMessage[] = [];
  let turn: Turn | undefined;
  const endTurn = (): void => {
    if (turn !== undefined && turn.texts.length + turn.calls.length > 0)
      messages.push(toAssistantMessage(turn));
    turn = undefined;
  };
  for (const [index, item] of input.entries()) {
    const path = `input.${index}`;
    const type = item.type ?? 'message';
    if (type === 'message' && item.role !== 'assistant') {
      endTurn();
      messages.push(toMessage(item, path));
    } else if (type === 'function_call_output') {
      endTurn();
      messages.push(...toToolMessages(item, path));
    } else {
      // Words that follow calls are a new message of the assistant's.
      if (type === 'message' && turn !== undefined && turn.calls.length > 0) endTurn();
      turn ??= { texts: [], thoughts: [], calls: [] };
      addToTurn(turn, type, item, path);
    }
  }
  endTurn();
  return messages;
}

function addToTurn(turn: Turn, type: string, item: ResponseInputItem, path: string): void {
  switch (type) {
    case 'message':
      turn.texts.push(textOf(item.content, `${path}.content`));
      return;
    case 'function_call':
      turn.calls.push(toToolCall(item, path));
      return;
    case 'reasoning':
      turn.thoughts.push(...thoughtsOf(item.content, `${path}.content`));
      return;
    case 'item_reference':
      throw unsupported('look up stored items', `${path}.type`, 'Send the items themselves.');
    default:
      throw unsupported(`take items of the type "${type}"`, `${path}.type`);
  }
}

function toMessage({ content, role }: ResponseInputItem, path: string): ChatMessage {
  const known = ROLES.find((one) => one === role);
  if (known === undefined) throw invalidField(`${path}.role`, `expected one of ${ROLES.join(', ')}`);
  if (typeof content === 'string') return { role: known, content };
  const parts = partsIn(content, `${path}.content`).map((part, at) =>
    toChatPart(part, `${path}.content.${at}`),
  );
  // Text alone is sent as text: not every server takes lists of parts.
  const isText = parts.every(({ type }) => type === 'text');
  return { role: known, content: isText ? parts.map(({ text }) => String(text)).join('\n') : parts };
}

/** Tool messages hold text only; pictures of a result follow as the user's. */
function toToolMessages({ call_id: id, output }: ResponseInputItem, path: string): ChatMessage[] {
  if (typeof id !== 'string') throw invalidField(`${path}.call_id`, 'expected the id of a call');
  if (typeof output === 'string') return [{ role: 'tool', tool_call_id: id, content: output }];
  const parts = partsIn(output, `${path}.output`).map((part, at) => toChatPart(part, `${path}.output.${at}`));
  const text = parts.flatMap((part) => (part.type === 'text' ? [String(part.text)] : [])).join('\n');
  const others = parts.filter(({ type }) => type !== 'text');
  return [
    { role: 'tool', tool_call_id: id, content: text },
    ...(others.length === 0 ? [] : [{ role: 'user' as const, content: others }]),
  ];
}

function toAssistantMessage({ calls, texts, thoughts }: Turn): ChatMessage {
  return {
    role: 'assistant',
    content: texts.length === 0 ? null : texts.join('\n'),
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toToolCall({ arguments: given, call_id: id, name }: ResponseInputItem, path: string): JsonObject {
  if (typeof id !== 'string') throw invalidField(`${path}.call_id`, 'expected a text');
  if (typeof name !== 'string') throw invalidField(`${path}.name`, 'expected a text');
  if (typeof given !== 'string') throw invalidField(`${path}.arguments`, 'expected a text');
  return { id, type: 'function', function: { name, arguments: given } };
}

function textOf(content: unknown, path: string): string {
  if (typeof content === 'string') return content;
  return partsIn(content, path)
    .map((part, index) => {
      if (part.type === 'refusal' && typeof part.refusal === 'string') return part.refusal;
      const { text } = toChatPart(part, `${path}.${index}`);
      if (typeof text !== 'string')
        throw invalidField(`${path}.${index}.type`, 'expected a text of the assistant');
      return text;
    })
    .join('');
}

function thoughtsOf(content: unknown, path: string): string[] {
  if (content === undefined || content === null) return [];
  return partsIn(content, path).flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}

function partsIn(content: unknown, path: string): readonly JsonObject[] {
  if (!Array.isArray(content) || !content.every(isJsonObject))
    throw invalidField(path, 'expected a text or a list of parts');
  if (content.length > LIMITS.partsPerMessage)
    throw invalidField(path, `a message may have ${LIMITS.partsPerMessage} parts`);
  return content;
}
