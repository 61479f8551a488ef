import { expect, test } from 'vitest';
import { SpentTokens } from './spent-tokens.ts';

const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] });

test('what the backend tells counts', () => {
  const spent = new SpentTokens();
  spent.addChunk(chunk({ content: 'hello' }));
  spent.addChunk({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
  expect(spent.total(100)).toEqual({ prompt: 7, completion: 3 });
});

test('a stream that was left costs its prompt and the words until then', () => {
  const spent = new SpentTokens();
  spent.addChunk(chunk({ role: 'assistant', content: '' }));
  for (const content of ['one', 'two', '你好']) spent.addChunk(chunk({ content }));
  spent.addChunk(chunk({ reasoning_content: 'hm', tool_calls: [{ function: { arguments: '{"a":1}' } }] }));
  expect(spent.total(12)).toEqual({ prompt: 12, completion: 1 + 1 + 2 + 1 + 2 });
});

test('an answer that no backend has begun costs nothing', () => {
  expect(new SpentTokens().total(undefined)).toBeUndefined();
});

test('an upstream that tells nothing is estimated, once', () => {
  const body = { choices: [{ message: { role: 'assistant', content: 'a'.repeat(40) } }] };
  const whole = new SpentTokens();
  whole.addWhole(body);
  expect(whole.total(5)).toEqual({ prompt: 5, completion: 10 });
  const collected = new SpentTokens();
  collected.addChunk(chunk({ content: 'a'.repeat(40) }));
  collected.addWhole(body);
  expect(collected.total(5)).toEqual({ prompt: 5, completion: 10 });
});
