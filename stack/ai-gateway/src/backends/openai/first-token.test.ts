import { expect, test, vi } from 'vitest';
import { OpenAiBackendSchema } from '../../config/backend-schema.ts';
import { chatCall } from '../../testing/start-model.ts';
import { startUpstreamStub } from '../../testing/start-upstream-stub.ts';
import { OpenAiBackend } from './openai-backend.ts';

test('the first token of a stream of an upstream is told once, that of a whole answer not at all', async () => {
  const stub = await startUpstreamStub();
  const backend = new OpenAiBackend({
    config: OpenAiBackendSchema.parse({ name: 'far', kind: 'openai', baseUrl: stub.url, model: 'stub' }),
    timeouts: { connectMs: 5000, firstByteMs: 5000, idleMs: 5000 },
    secret: () => undefined,
    onState: () => undefined,
  });
  try {
    const onFirstToken = vi.fn();
    await backend.chat({ ...chatCall(), onFirstToken });
    expect(onFirstToken).not.toHaveBeenCalled();

    stub.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (delta: object, reason: string | null) =>
        response.write(
          `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`,
        );
      event({ role: 'assistant', content: 'one' }, null);
      event({ content: 'two' }, 'stop');
      response.end('data: [DONE]\n\n');
    };
    const answer = await backend.chat({ ...chatCall({ stream: true }), onFirstToken });
    const calls: number[] = [];
    if (answer.kind === 'stream')
      for await (const _chunk of answer.chunks) calls.push(onFirstToken.mock.calls.length);
    expect(calls).toEqual([1, 1]);
  } finally {
    await backend.dispose();
    await stub.close();
  }
});
