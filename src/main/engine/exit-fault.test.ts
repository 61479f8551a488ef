import { expect, test } from 'vitest';
import { configRefusal } from './exit-fault.ts';

const SENTENCE = '/app/data/config/config.json: "maxConcurrent" must be a number, but "many" stands there.';

test('names the mistake of a configuration that a service refused', () => {
  const lines = ['starting', SENTENCE, `{"level":"fatal","reason":${JSON.stringify(SENTENCE)}}`];
  expect(configRefusal(78, lines)).toMatchObject({ code: 'config.invalid', message: SENTENCE });
});

test('takes no other end for a refused configuration', () => {
  expect(configRefusal(1, [SENTENCE])).toBeUndefined();
  expect(configRefusal(78, ['PORT must be a number.'])).toBeUndefined();
});
