import { isJsonObject } from '../../../json.ts';
import { parseJsonBody } from '../../../json-body.ts';
import type { ChatMessage } from '../../../pipeline/generation-request.ts';
import type { WorkerMessage } from '../engine/inference-protocol.ts';
import { llamaCannot, printed } from './llama-unsupported.ts';

/** OpenAI's messages for llama.cpp's chat templates; what is neither text nor a tool's call is refused. */
export function toWorkerMessages(messages: readonly ChatMessage[]): WorkerMessage[] {
  return messages.map((message, index) => toWorkerMessage(message, `messages.${index}.content`));
}

function toWorkerMessage(message: ChatMessage, path: string): WorkerMessage {
  const text = textOf(message, path);
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', text };
    case 'user':
      return { role: 'user', text };
    case 'assistant':
      return { role: 'assistant', text, calls: callsOf(message) };
    case 'tool':
      return { role: 'tool', callId: nameIn(message.tool_call_id), text };
    case 'function':
      return { role: 'tool', callId: '', text };
  }
}

function textOf({ content }: ChatMessage, path: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown, index) => {
      if (!isJsonObject(part)) return '';
      if (typeof part.text === 'string') return part.text;
      if (typeof part.refusal === 'string') return part.refusal;
      throw llamaCannot(`read a part of the type ${printed(part.type)}; it reads text`, `${path}.${index}`);
    })
    .join('\n');
}

function callsOf({ tool_calls: calls }: ChatMessage): Extract<WorkerMessage, { role: 'assistant' }>['calls'] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isJsonObject).map((call) => {
    const { name, arguments: text } = isJsonObject(call.function) ? call.function : {};
    return { id: nameIn(call.id), name: nameIn(name), params: parsed(text) };
  });
}

function nameIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return {};
  try {
    return text === '' ? text : parseJsonBody(text);
  } catch {
    // No JSON, or so deep that it could not be sent on.
    return text;
  }
}
