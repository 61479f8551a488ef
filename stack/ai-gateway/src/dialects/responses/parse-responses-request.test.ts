import { describe, expect, it } from 'vitest';
import { parseResponsesRequest } from './parse-responses-request.ts';

describe('parseResponsesRequest', () => {
  it('passes fields on that it does not know, and turns its own into those of chat completions', () => {
    const { fields, skills } = parseResponsesRequest(
      {
        input: 'hi',
        x_custom: 1,
        temperature: 1,
        max_output_tokens: 9,
        top_logprobs: 2,
        include: ['reasoning.encrypted_content'],
        reasoning: { effort: 'low', summary: 'auto' },
        text: {
          verbosity: 'low',
          format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
        },
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
        tool_choice: { type: 'function', name: 'f' },
        metadata: { a: 'b' },
        store: true,
        skills: ['tea'],
      },
      {},
    );
    expect(skills).toEqual(['tea']);
    expect(fields).toEqual({
      x_custom: 1,
      temperature: 1,
      max_tokens: 9,
      logprobs: true,
      top_logprobs: 2,
      reasoning_effort: 'low',
      verbosity: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
      },
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    });
  });

  it('puts thoughts, words and calls of one turn into one message of the assistant', () => {
    const { messages } = parseResponsesRequest(
      {
        instructions: 'Be brief.',
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'a' },
              { type: 'input_text', text: 'b' },
            ],
          },
          { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I ask.' }] },
          { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
          { type: 'function_call', call_id: 'c2', name: 'g', arguments: '{}' },
          { type: 'function_call_output', call_id: 'c1', output: 'one' },
          { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
          { role: 'assistant', content: 'Done.' },
          { role: 'user', content: 'Thanks' },
        ],
      },
      {},
    );
    const call = (id: string, name: string) => ({
      id,
      type: 'function',
      function: { name, arguments: '{}' },
    });
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'a\nb' },
      {
        role: 'assistant',
        content: 'I ask.',
        reasoning_content: 'hm',
        tool_calls: [call('c1', 'f'), call('c2', 'g')],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: 'two' },
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: 'Thanks' },
    ]);
  });

  it('refuses several answers, which nobody would get', () => {
    for (const n of [2, 500_000_000, 0, -1, '2'])
      expect(() => parseResponsesRequest({ input: 'hi', n }, {})).toThrow(
        expect.objectContaining({ code: 'unsupported', param: 'n' }),
      );
    expect(parseResponsesRequest({ input: 'hi', n: 1 }, {}).operation).toBe('chat');
  });
});
