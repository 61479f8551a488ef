import { isJsonObject, type JsonObject } from '../../json.ts';
import { invalidField } from '../invalid-body.ts';
import { unsupported } from '../unsupported.ts';

/** One part of a message, as chat completions has it. */
export function toChatPart(part: JsonObject, path: string): JsonObject {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: textIn(part.text, `${path}.text`) };
    case 'input_image': {
      if (part.file_id != null) throw unsupported('look up uploaded files ("file_id")', `${path}.file_id`);
      const url = textIn(part.image_url, `${path}.image_url`);
      return {
        type: 'image_url',
        image_url: { url, ...(typeof part.detail === 'string' ? { detail: part.detail } : {}) },
      };
    }
    case 'input_file': {
      if (part.file_id != null) throw unsupported('look up uploaded files ("file_id")', `${path}.file_id`);
      if (part.file_url != null) throw unsupported('fetch files ("file_url")', `${path}.file_url`);
      const file_data = textIn(part.file_data, `${path}.file_data`);
      return {
        type: 'file',
        file: { filename: typeof part.filename === 'string' ? part.filename : 'file', file_data },
      };
    }
    case 'input_audio':
      if (!isJsonObject(part.input_audio)) throw invalidField(`${path}.input_audio`, 'expected an object');
      return { type: 'input_audio', input_audio: part.input_audio };
    default:
      if (typeof part.type !== 'string') throw invalidField(`${path}.type`, 'expected a text');
      throw unsupported(`take content of the type "${part.type.slice(0, 64)}"`, `${path}.type`);
  }
}

function textIn(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw invalidField(path, 'expected a text');
}
