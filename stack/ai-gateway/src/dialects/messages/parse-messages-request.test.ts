import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { parseMessagesRequest } from './parse-messages-request.ts';

const parse = (extra: JsonObject, headers = {}) =>
  parseMessagesRequest(
    { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...extra },
    headers,
  );
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };

describe('parseMessagesRequest', () => {
  it('passes fields on that it does not know, and turns its own into those of chat completions', () => {
    const { fields } = parse({
      top_k: 5,
      x_custom: { a: 1 },
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
      thinking: { type: 'enabled', budget_tokens: 8000 },
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      stream: true,
    });
    expect(fields).toEqual({
      max_tokens: 9,
      top_k: 5,
      x_custom: { a: 1 },
      stop: ['END'],
      user: 'u1',
      reasoning_effort: 'medium',
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
      },
      stream_options: { include_usage: true },
    });
  });

  it('turns a conversation with tools, thoughts and pictures into chat messages', () => {
    const { messages } = parse({
      system: [
        { type: 'text', text: 'One.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'Two.' },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Look' }, image] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'x' },
            { type: 'redacted_thinking', data: 'x' },
            { type: 'text', text: 'I ask.' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
            { type: 'tool_use', id: 't2', name: 'g', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: 'good' },
            {
              type: 'tool_result',
              tool_use_id: 't2',
              content: [{ type: 'text', text: 'bad' }, image],
              is_error: true,
            },
          ],
        },
        { role: 'assistant', content: 'Well:' },
      ],
    });
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
    expect(messages).toEqual([
      { role: 'system', content: 'One.\n\nTwo.' },
      { role: 'user', content: [{ type: 'text', text: 'Look' }, picture] },
      {
        role: 'assistant',
        content: 'I ask.',
        reasoning_content: 'hm',
        tool_calls: [
          { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 't1', content: 'good' },
      { role: 'tool', tool_call_id: 't2', content: 'The tool failed: bad' },
      { role: 'user', content: [picture] },
      { role: 'assistant', content: 'Well:' },
    ]);
  });

  it('takes skills and conversation of the body, else of the headers', () => {
    const headers = { 'x-skilldeck-skills': 'tea, cake', 'x-skilldeck-conversation': 'c1' };
    expect(parse({}, headers)).toMatchObject({ skills: ['tea', 'cake'], conversation: 'c1' });
    expect(parse({ skills: 'none' }, headers)).toMatchObject({ skills: 'none', conversation: 'c1' });
    expect(() => parse({}, { 'x-skilldeck-skills': '../x' })).toThrow(
      '"x-skilldeck-skills" is not as the API wants it',
    );
  });

  it.each([
    [{ thread: { type: 'create' } }, 'thread'],
    [{ speed: 'fast' }, 'speed'],
    [{ output_config: { task_budget: { type: 'tokens', total: 1 } } }, 'output_config.task_budget'],
    [{ container: 'c' }, 'container'],
    [{ mcp_servers: [{ url: 'x' }] }, 'mcp_servers'],
    [{ context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }, 'context_management'],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools.0.type'],
    [{ messages: [{ role: 'user', content: [{ type: 'search_result' }] }] }, 'messages.0.content.0.type'],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'server_tool_use' }] }] },
      'messages.0.content.0.type',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file', file_id: 'f' } }] }] },
      'messages.0.content.0.source.type',
    ],
  ])('refuses by name what no backend can do: %j', (extra, param) => {
    expect(() => parse(extra)).toThrow(expect.objectContaining({ code: 'unsupported', param }));
  });

  it.each([
    [{ messages: [{ role: 'user', content: [{ type: 'image' }] }] }, 'messages.0.content.0.source'],
    [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages.0.content.0.text'],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] },
      'messages.0.content.0.tool_use_id',
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'x' }] }] },
      'messages.0.content.0.name',
    ],
    [{ tool_choice: { type: 'tool' } }, 'tool_choice.name'],
    [{ system: [{ type: 'text' }] }, 'system.0.text'],
  ])('names the field that is wrong in %j', (extra, param) => {
    expect(() => parse(extra)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it('refuses several answers, which nobody would get', () => {
    for (const n of [2, 500_000_000, 0, -1, '2'])
      expect(() => parse({ n })).toThrow(expect.objectContaining({ code: 'unsupported', param: 'n' }));
    expect(parse({ n: 1 }).fields).toMatchObject({ max_tokens: 9 });
    expect(parse({ n: null }).fields).toMatchObject({ max_tokens: 9 });
  });
});
