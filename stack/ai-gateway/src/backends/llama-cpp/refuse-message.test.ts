import { expect, test } from 'vitest';
import { refuseMessage } from './refuse-message.ts';
import { FromWorkerSchema, ToWorkerSchema } from './worker-protocol.ts';

const answerTo = (raw: unknown) => {
  const { error } = ToWorkerSchema.safeParse(raw);
  return error === undefined ? 'understood' : refuseMessage(raw, error);
};

test('an ask that is not understood is refused under its id, with the place of what is wrong', () => {
  const refusal = answerTo({ type: 'embed', id: 'r1', inputs: ['a', null] });
  expect(refusal).toEqual({
    type: 'failed',
    id: 'r1',
    code: 'unsupported',
    message: expect.stringContaining('"inputs.1"'),
  });
  expect(FromWorkerSchema.parse(refusal)).toEqual(refusal);
  expect(answerTo({ type: 'dance', id: 'r2' })).toMatchObject({ type: 'failed', id: 'r2' });
});

test('a load that is not understood has failed', () => {
  expect(answerTo({ type: 'load', modelPath: 3 })).toMatchObject({
    type: 'load-failed',
    message: expect.stringContaining('"modelPath"'),
  });
});

test.each([{ type: 'abort', id: 7 }, { type: 'ping' }, null, 'chat', [], { type: 'embed', inputs: 3 }])(
  'what nobody waits for is left without an answer: %j',
  (raw) => {
    expect(answerTo(raw)).toBeUndefined();
  },
);
