import { isJsonObject } from '../json.ts';
import type { ChatMessage } from '../pipeline/generation-request.ts';

/** The text of a message, whose content may be a list of parts. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}

/** The message with its first text changed. */
export function withText(message: ChatMessage, change: (text: string) => string): ChatMessage {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: change(content) };
  if (!Array.isArray(content)) return message;
  const index = content.findIndex((part: unknown) => isJsonObject(part) && typeof part.text === 'string');
  const part: unknown = content[index];
  if (!isJsonObject(part)) return message;
  return { ...message, content: content.with(index, { ...part, text: change(String(part.text)) }) };
}

/** -1 when no user has said anything. */
export function lastUserIndex(messages: readonly ChatMessage[]): number {
  return messages.findLastIndex(({ role }) => role === 'user');
}

export function addToSystemMessage(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first !== undefined && (first.role === 'system' || first.role === 'developer')) {
    const own = textOf(first);
    return [{ ...first, content: own === '' ? text : `${own}\n\n${text}` }, ...rest];
  }
  return [{ role: 'system', content: text }, ...messages];
}
