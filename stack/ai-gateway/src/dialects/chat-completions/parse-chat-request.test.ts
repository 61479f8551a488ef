import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { parseChatRequest } from './parse-chat-request.ts';

const parse = (extra: JsonObject) =>
  parseChatRequest({ messages: [{ role: 'user', content: 'hi', name: 'ann' }], ...extra }, {});

describe('parseChatRequest', () => {
  it('keeps fields that it does not know, also inside of messages and tools', () => {
    const tools = [
      { type: 'function', x: 1, function: { name: 'f', y: 2 } },
      { type: 'custom', custom: {} },
    ];
    const { fields, messages } = parse({ x_custom: { a: [1] }, tools, model: null, skills: 'none' });
    expect(fields).toEqual({ x_custom: { a: [1] }, tools });
    expect(messages).toEqual([{ role: 'user', content: 'hi', name: 'ann' }]);
  });

  it('takes null for what is left out', () => {
    const nothing = { tools: null, stop: null, seed: null, n: null, stream: null, response_format: null };
    expect(parse(nothing)).toMatchObject({ stream: false, model: undefined, skills: undefined });
  });

  it('always asks for the usage of a stream, and keeps the other options of it', () => {
    expect(parse({ stream: true }).fields).toEqual({ stream_options: { include_usage: true } });
    const given = { include_usage: false, include_obfuscation: false };
    expect(parse({ stream: true, stream_options: given }).fields).toEqual({
      stream_options: { include_usage: true, include_obfuscation: false },
    });
    expect(parse({ stream: false }).fields).toEqual({});
  });

  it('takes seeds of 64 bits', () => {
    expect(parse({ seed: 2 ** 63 }).fields).toEqual({ seed: 2 ** 63 });
    expect(() => parse({ seed: 1.5 })).toThrow('"seed" is not as the API wants it: expected a whole number.');
  });

  it('says of the form that came closest what is wrong with it', () => {
    const wrong = { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { text: 'b' }] }] };
    expect(() => parse(wrong)).toThrow(expect.objectContaining({ param: 'messages.0.content.1.type' }));
    expect(() => parse({ tool_choice: 7 })).toThrow(expect.objectContaining({ param: 'tool_choice' }));
  });

  it('bounds a schema wherever it stands', () => {
    let deep: JsonObject = { type: 'string' };
    for (let level = 0; level < 64; level += 1) deep = { not: deep };
    const wide = { enum: Array.from({ length: 20_001 }, (_, index) => index) };
    for (const schema of [deep, wide])
      for (const format of [
        { type: 'json_object', schema },
        { type: 'json_schema', json_schema: { name: 'a', schema } },
      ])
        expect(() => parse({ response_format: format })).toThrow(/"response_format.*schema" .* a schema may/);
  });
});
