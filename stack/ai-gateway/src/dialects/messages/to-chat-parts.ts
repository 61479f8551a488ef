import { isJsonObject, type JsonObject } from '../../json.ts';
import { invalidField } from '../invalid-body.ts';
import { unsupported } from '../unsupported.ts';
import type { AnthropicBlock } from './messages-request.ts';

/** A picture of Anthropic's as OpenAI's `image_url` part. */
export function toImagePart(block: AnthropicBlock, path: string): JsonObject {
  const source = sourceOf(block, path);
  switch (source.type) {
    case 'base64':
      return { type: 'image_url', image_url: { url: toDataUrl(source, path, 'image/') } };
    case 'url':
      return { type: 'image_url', image_url: { url: textIn(source.url, `${path}.source.url`) } };
    default:
      throw unsupported(`take images from a source of the type "${source.type}"`, `${path}.source.type`);
  }
}

/** A document as OpenAI's text or `file` part. */
export function toFilePart(block: AnthropicBlock, path: string): JsonObject {
  const source = sourceOf(block, path);
  if ((block.citations as { enabled?: unknown } | null | undefined)?.enabled === true)
    throw unsupported('cite passages of documents', `${path}.citations`);
  const title = typeof block.title === 'string' ? block.title : undefined;
  switch (source.type) {
    case 'text': {
      const text = textIn(source.data, `${path}.source.data`);
      return { type: 'text', text: title === undefined ? text : `${title}\n\n${text}` };
    }
    case 'base64': {
      const file_data = toDataUrl(source, path, '');
      return { type: 'file', file: { filename: title ?? 'document', file_data } };
    }
    default:
      throw unsupported(`take documents from a source of the type "${source.type}"`, `${path}.source.type`);
  }
}

function sourceOf({ source }: AnthropicBlock, path: string): JsonObject & { type: string } {
  if (isJsonObject(source) && typeof source.type === 'string')
    return { ...source, type: source.type.slice(0, 64) };
  throw invalidField(`${path}.source`, 'expected an object with a type');
}

function toDataUrl(source: JsonObject, path: string, kind: string): string {
  const mediaType = textIn(source.media_type, `${path}.source.media_type`);
  const isMediaType = /^[a-z]+\/[a-z0-9.+-]{1,80}$/i.test(mediaType) && mediaType.startsWith(kind);
  if (!isMediaType)
    throw invalidField(
      `${path}.source.media_type`,
      `expected a media type${kind === '' ? '' : ` that begins with ${kind}`}`,
    );
  return `data:${mediaType};base64,${textIn(source.data, `${path}.source.data`)}`;
}

function textIn(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw invalidField(path, 'expected a text');
}
