import { isJsonObject, type JsonObject } from '../../json.ts';
import type { ChatMessage } from '../../pipeline/generation-request.ts';
import { invalidField } from '../invalid-body.ts';
import { LIMITS } from '../shapes/limits.ts';
import { unsupported } from '../unsupported.ts';
import type { AnthropicBlock, AnthropicMessage } from './messages-request.ts';
import { toFilePart, toImagePart } from './to-chat-parts.ts';

/** A system prompt is one text, or blocks of it. */
export function toSystemText(system: string | readonly AnthropicBlock[] | null | undefined): string {
  if (typeof system === 'string') return system;
  return (system ?? []).map((block, index) => textOfBlock(block, `system.${index}`)).join('\n\n');
}

/** One message of Anthropic's becomes one or several of OpenAI's: each tool result is a message of its own there. */
export function toChatMessages(message: AnthropicMessage, path: string): ChatMessage[] {
  const { content, role } = message;
  if (typeof content === 'string') return [{ role, content }];
  switch (role) {
    case 'assistant':
      return [toAssistantMessage(content, `${path}.content`)];
    case 'user':
      return toUserMessages(content, `${path}.content`);
    case 'system':
      return [{ role, content: toSystemText(content) }];
  }
}

function toUserMessages(blocks: readonly AnthropicBlock[], path: string): ChatMessage[] {
  const results: ChatMessage[] = [];
  const parts: JsonObject[] = [];
  for (const [index, block] of blocks.entries()) {
    const at = `${path}.${index}`;
    if (block.type !== 'tool_result') {
      parts.push(toPart(block, at));
      continue;
    }
    const result = toToolMessage(block, at);
    results.push(result.message);
    parts.push(...result.parts);
  }
  if (parts.length === 0 && results.length > 0) return results;
  return [...results, { role: 'user', content: simplified(parts) }];
}

/** Tool messages hold text only; pictures of a result follow in the user's message. */
function toToolMessage(block: AnthropicBlock, path: string): { message: ChatMessage; parts: JsonObject[] } {
  const { content, is_error: failed, tool_use_id: id } = block;
  if (typeof id !== 'string') throw invalidField(`${path}.tool_use_id`, 'expected the id of a tool use');
  const parts = blocksIn(content, `${path}.content`).map((one, index) =>
    toPart(one, `${path}.content.${index}`),
  );
  const text = parts.flatMap((part) => (part.type === 'text' ? [String(part.text)] : [])).join('\n');
  const said = failed === true ? `The tool failed: ${text}` : text;
  return {
    message: { role: 'tool', tool_call_id: id, content: said },
    parts: parts.filter(({ type }) => type !== 'text'),
  };
}

function toPart(block: AnthropicBlock, path: string): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: textOfBlock(block, path) };
    case 'image':
      return toImagePart(block, path);
    case 'document':
      return toFilePart(block, path);
    default:
      throw unsupported(`take content of the type "${block.type}" from a user`, `${path}.type`);
  }
}

function toAssistantMessage(blocks: readonly AnthropicBlock[], path: string): ChatMessage {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const calls: JsonObject[] = [];
  for (const [index, block] of blocks.entries()) {
    switch (block.type) {
      case 'text':
        texts.push(textOfBlock(block, `${path}.${index}`));
        break;
      case 'thinking':
        if (typeof block.thinking === 'string') thoughts.push(block.thinking);
        break;
      case 'redacted_thinking':
        // Only Anthropic can read it; it is of no use to another model and changes nothing of what was said.
        break;
      case 'tool_use':
        calls.push(toToolCall(block, `${path}.${index}`));
        break;
      default:
        throw unsupported(
          `take content of the type "${block.type}" from an assistant`,
          `${path}.${index}.type`,
        );
    }
  }
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toToolCall({ id, input, name }: AnthropicBlock, path: string): JsonObject {
  if (typeof id !== 'string') throw invalidField(`${path}.id`, 'expected a text');
  if (typeof name !== 'string') throw invalidField(`${path}.name`, 'expected a text');
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}

function textOfBlock(block: AnthropicBlock, path: string): string {
  if (block.type === 'text' && typeof block.text === 'string') return block.text;
  throw invalidField(block.type === 'text' ? `${path}.text` : `${path}.type`, 'expected a text');
}

function blocksIn(content: unknown, path: string): AnthropicBlock[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (Array.isArray(content) && content.length > LIMITS.partsPerMessage)
    throw invalidField(path, `a tool result may have ${LIMITS.partsPerMessage} blocks`);
  if (Array.isArray(content) && content.every((one) => isJsonObject(one) && typeof one.type === 'string'))
    return content as AnthropicBlock[];
  throw invalidField(path, 'expected a text or a list of blocks with a type');
}

/** Text alone is sent as text: not every server takes lists of parts. */
function simplified(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  return parts.every(({ type }) => type === 'text')
    ? parts.map(({ text }) => String(text)).join('\n')
    : parts;
}
