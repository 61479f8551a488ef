import { expect, test } from 'vitest';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { configRefusal } from './exit-fault.ts';

const FILE = '/app/data/config/config.json';
const SENTENCE = `${FILE}: "maxConcurrent" must be a number, but "many" stands there.`;
const PROBLEM = {
  kind: 'wrong_value',
  file: FILE,
  setting: 'maxConcurrent',
  expected: { kind: 'type', type: 'number' },
  found: '"many"',
};
const logged = (problems: unknown): string =>
  JSON.stringify({ level: 'fatal', reason: SENTENCE, problems, msg: 'configuration refused' });

test('names the mistake of a configuration that a service refused, for each language to word', () => {
  const refusal = configRefusal(78, ['starting', SENTENCE, logged([PROBLEM])]);
  expect(refusal).toMatchObject({
    code: 'config.invalid',
    message: 'config.json: "maxConcurrent" must be a number, but "many" stands there.',
  });
  expect(refusal?.phrases?.message).toEqual(
    phrase('config_wrong_value', {
      place: phrase('config_in_file', { file: 'config.json', setting: 'maxConcurrent' }),
      expected: phrase('number'),
      found: '"many"',
    }),
  );
});

test('names the variable of the environment that a service refused, and not the file', () => {
  const problem = { ...PROBLEM, file: undefined, setting: 'MAX_CONCURRENT' };
  const sentence = 'Environment variable MAX_CONCURRENT must be a number, but "many" stands there.';
  const refusal = configRefusal(78, [sentence, logged([problem])]);
  expect(refusal).toMatchObject({ code: 'config.invalid_variable', message: sentence });
  expect(refusal?.phrases?.message).toEqual(
    phrase('config_wrong_value', {
      place: phrase('config_in_environment', { setting: 'MAX_CONCURRENT' }),
      expected: phrase('number'),
      found: '"many"',
    }),
  );
});

test.each([
  ['an older gateway', `{"level":"fatal","reason":${JSON.stringify(SENTENCE)}}`],
  ['a problem that is not known here', logged([{ kind: 'too_loud' }])],
  ['a line that is cut off', logged([PROBLEM]).slice(0, -9)],
])('says the sentence of %s', (_what, line) => {
  const refusal = configRefusal(78, [SENTENCE, line]);
  expect(refusal).toMatchObject({ message: SENTENCE, phrases: undefined });
});

test('takes no other end for a refused configuration', () => {
  expect(configRefusal(1, [SENTENCE])).toBeUndefined();
  expect(configRefusal(78, ['PORT must be a number.'])).toBeUndefined();
});
