import { expect, test } from 'vitest';
import { WorkerReplies } from './worker-replies.ts';

const { signal } = new AbortController();
const nothing = (): void => undefined;

test('what is asked of a worker that is gone fails at once, as what it was asked before', async () => {
  const replies = new WorkerReplies();
  const before = replies.generation('before', signal, nothing).next();
  replies.failAll(new Error('it is gone'));
  await expect(before).rejects.toThrow('it is gone');
  await expect(replies.generation('after', signal, nothing).next()).rejects.toThrow('it is gone');
});

test('each request hears its own words only, and ends with its last one', async () => {
  const replies = new WorkerReplies();
  const one = replies.generation('one', signal, nothing);
  const other = replies.generation('other', signal, nothing);
  replies.deliver({ type: 'delta', id: 'other', text: 'O', reasoning: false });
  replies.deliver({ type: 'delta', id: 'one', text: '1', reasoning: false });
  replies.deliver({ type: 'failed', id: 'other', code: 'generation_failed', message: 'no' });
  expect((await one.next()).value).toMatchObject({ text: '1' });
  expect((await other.next()).value).toMatchObject({ text: 'O' });
  await expect(other.next()).rejects.toMatchObject({ code: 'generation_failed' });
});

test('nobody takes the words of another by asking under the same id', async () => {
  const replies = new WorkerReplies();
  const first = replies.generation('same', signal, nothing);
  expect(() => replies.generation('same', signal, nothing)).toThrow('twice');
  replies.deliver({ type: 'delta', id: 'same', text: '1', reasoning: false });
  expect((await first.next()).value).toMatchObject({ text: '1' });
});
