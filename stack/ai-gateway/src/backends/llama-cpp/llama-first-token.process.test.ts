import { afterEach, describe, expect, test, vi } from 'vitest';
import { chatCall, endModels, SOON, startModel } from '../../testing/start-model.ts';

afterEach(endModels);

describe('the first token of a model of the gateway itself', () => {
  test('is told while a whole answer is still being made', async () => {
    const { backend, is } = await startModel('halting');
    await is('ready');
    const leaver = new AbortController();
    const onFirstToken = vi.fn();
    const answer = backend.chat({ ...chatCall({}, leaver.signal), onFirstToken }).catch(() => 'left');
    await vi.waitFor(() => expect(onFirstToken).toHaveBeenCalledOnce(), SOON);
    leaver.abort(new Error('has left'));
    expect(await answer).toBe('left');
  });

  test('is told once of several answers', async () => {
    const { backend, is } = await startModel('any');
    await is('ready');
    const onFirstToken = vi.fn();
    await backend.chat({ ...chatCall({ fields: { n: 3 } }), onFirstToken });
    expect(onFirstToken).toHaveBeenCalledOnce();
  });

  test('is not told while the model has said nothing', async () => {
    const { backend, is } = await startModel('mute');
    await is('ready');
    const onFirstToken = vi.fn();
    const answer = backend.chat({ ...chatCall(), onFirstToken }).catch(({ code }: { code: string }) => code);
    await vi.waitFor(() => expect(backend.processStatus.openRequests).toBe(1), SOON);
    await backend.unload(true);
    expect([await answer, onFirstToken.mock.calls]).toEqual(['model_unloaded', []]);
  });
});
