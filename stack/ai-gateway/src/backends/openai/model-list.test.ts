import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextOfOllama, parseModelList } from './model-list.ts';

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
    fc.assert(fc.property(fc.jsonValue(), (value) => void contextOfOllama(value)));
  });
});

test('contextOfOllama finds the length under whatever architecture', () => {
  expect(
    contextOfOllama({ model_info: { 'general.architecture': 'qwen2', 'qwen2.context_length': 32_768 } }),
  ).toBe(32_768);
  expect(contextOfOllama({ model_info: {} })).toBeUndefined();
});
