import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardOfLlamaServer, cardOfOllama, parseModelList } from './model-list.ts';

describe('parseModelList', () => {
  test.each([
    ['vLLM', { id: 'm', owned_by: 'vllm', max_model_len: 8192 }, 'vllm', 8192],
    [
      'llama-server',
      { id: 'm', owned_by: 'llamacpp', meta: { n_ctx_train: 131_072 } },
      'llama-server',
      131_072,
    ],
    ['Ollama', { id: 'm', owned_by: 'library' }, 'ollama', undefined],
    ['LM Studio', { id: 'm', owned_by: 'organization_owner', max_context_length: 4096 }, 'lm-studio', 4096],
    ['a cloud', { id: 'm', owned_by: 'someone', context_length: 200_000 }, 'other', 200_000],
    ['a liar', { id: 'm', owned_by: 7, context_length: -1, context_window: '4096' }, 'other', undefined],
  ])('reads what %s says of a model', (_name, entry, flavour, contextSize) => {
    expect(parseModelList({ object: 'list', data: [entry] })).toEqual({
      flavour,
      models: [
        { id: 'm', ownedBy: typeof entry.owned_by === 'string' ? entry.owned_by : undefined, contextSize },
      ],
    });
  });

  test('leaves out what is no model, and refuses what is no list', () => {
    expect(parseModelList({ data: [null, 'x', { id: '' }, { id: 7 }, { id: 'ok' }] })?.models).toEqual([
      { id: 'ok', ownedBy: undefined, contextSize: undefined },
    ]);
    expect(parseModelList({ error: 'no' })).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseModelList(value)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void cardOfOllama(value)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void cardOfLlamaServer(value)));
  });
});

test('the number of parameters is read from the list of llama-server', () => {
  const list = parseModelList({ data: [{ id: 'm', owned_by: 'llamacpp', meta: { n_params: 8e9 } }] });
  expect(list?.models[0]?.parameters).toBe(8e9);
});

describe('the card of a model', () => {
  test('at Ollama tells the length of the context, the size and whether it was made for tools', () => {
    const info = {
      'general.architecture': 'qwen2',
      'general.parameter_count': 7_615_616_512,
      'qwen2.context_length': 32_768,
    };
    expect(cardOfOllama({ model_info: info, capabilities: ['completion', 'tools'] })).toEqual({
      contextSize: 32_768,
      parameters: 7_615_616_512,
      tools: true,
    });
    expect(cardOfOllama({ model_info: info, capabilities: ['completion'] }).tools).toBe(false);
    // Of a time before it told what models can do.
    expect(cardOfOllama({ model_info: {} })).toEqual({});
  });

  test('at llama-server tells whether its template has a place for tools and for calls', () => {
    const props = (caps: object) => ({ chat_template_caps: caps });
    expect(cardOfLlamaServer(props({ supports_tools: true, supports_tool_calls: true }))).toEqual({
      tools: true,
    });
    expect(cardOfLlamaServer(props({ supports_tools: true, supports_tool_calls: false }))).toEqual({
      tools: false,
    });
    expect(cardOfLlamaServer({ chat_template: '…' })).toEqual({});
  });
});
