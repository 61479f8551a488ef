import type { GatewayModel } from '@skilldeck/agent-skills';
import { describe, expect, test } from 'vitest';
import type { BackendPool, Candidate } from '../backends/backend-pool.ts';
import { callsToolsWell, chooseActivation } from './choose-activation.ts';

const tool = (name: string) => ({ type: 'function', function: { name } });

describe('a model that may take skills by tool calls', () => {
  test.each([
    ['nothing else', {}],
    ['one choice', { n: 1 }],
    ['no choice of choices', { n: null }],
    ['plain text', { response_format: { type: 'text' } }],
    ['tools of its own', { tools: [tool('weather')], tool_choice: 'auto' }],
  ])('does so when a request asks for %s', (_what, fields) => {
    expect(chooseActivation('tool', fields)).toBe('tool');
    expect(chooseActivation('lexical', fields)).toBe('lexical');
  });

  test.each([
    ['several choices', { n: 2 }],
    ['JSON', { response_format: { type: 'json_object' } }],
    [
      'JSON of a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } },
    ],
    ['no call', { tools: [tool('weather')], tool_choice: 'none' }],
    ['some call', { tools: [tool('weather')], tool_choice: 'required' }],
    ['a certain call', { tools: [tool('weather')], tool_choice: tool('weather') }],
    ['functions in the older form', { functions: [{ name: 'weather' }] }],
    ['a tool under the name of ours', { tools: [tool('activate_skill')] }],
  ])('has them matched when a request asks for %s', (_what, fields) => {
    expect(chooseActivation('tool', fields)).toBe('lexical');
  });
});

describe('a model takes skills by itself', () => {
  const isAble = (known: Partial<GatewayModel>, said?: boolean): boolean => {
    const model = { id: 'm', name: 'm', ...known };
    const pool = { toolsSetting: () => said } as unknown as BackendPool;
    return callsToolsWell(pool, { backend: { model }, model: undefined } as unknown as Candidate);
  };

  test.each([
    ['nothing is known of it', {}, false],
    ['it was not made for tools', { tools: false }, false],
    ['it was made for tools', { tools: true }, true],
    ['it is large enough', { tools: true, parameters: 8e9 }, true],
    ['it is small', { tools: true, parameters: 5e8 }, false],
    ['it is only there to show that all works', { tools: true, demo: true }, false],
  ])('or not, when %s', (_what, known, able) => {
    expect(isAble(known)).toBe(able);
  });

  test('as the configuration says, whatever is known', () => {
    expect(isAble({ tools: true, parameters: 5e8 }, true)).toBe(true);
    expect(isAble({ tools: true, parameters: 8e9 }, false)).toBe(false);
  });
});
