import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceProgress } from './build-trace-progress.ts';
import { writeProto } from './buildkit/protobuf.ts';
import { decodeTrace, type Trace } from './buildkit/trace.ts';

const TIME = writeProto([1, 1]);
const vertex = (
  digest: string,
  name: string,
  part: { started?: true; completed?: true; cached?: true; error?: string } = {},
) =>
  writeProto(
    [1, digest],
    [3, name],
    [4, part.cached ? 1 : 0],
    [5, part.started ? TIME : undefined],
    [6, part.completed ? TIME : undefined],
    [7, part.error],
  );
const trace = (vertexes: readonly Buffer[], logs: readonly (readonly [string, Buffer])[] = []): Trace => {
  const message = writeProto(
    ...vertexes.map((one) => [1, one] as const),
    ...logs.map(([of, data]) => [3, writeProto([1, of], [4, data])] as const),
  );
  const decoded = decodeTrace(message.toString('base64'));
  if (decoded === undefined) throw new Error('not decoded');
  return decoded;
};

describe('the trace of a build', () => {
  it('is told as steps that are counted, with phases and output', () => {
    const progress = new TraceProgress();
    const reported = [
      trace([
        vertex('i', '[internal] load build context', { started: true }),
        vertex('a', '[1/2] FROM x'),
        vertex('b', '[2/2] RUN npm ci'),
      ]),
      trace([vertex('a', '[1/2] FROM x', { started: true, completed: true, cached: true })]),
      trace([vertex('b', '[2/2] RUN npm ci', { started: true })], [['b', Buffer.from('added 3\npack')]]),
      trace(
        [vertex('b', '[2/2] RUN npm ci', { started: true, completed: true })],
        [['b', Buffer.from('ages\n')]],
      ),
    ].flatMap((one) => progress.apply(one));
    expect(reported.flatMap(({ output }) => output ?? [])).toEqual([
      'CACHED [1/2] FROM x',
      '[2/2] RUN npm ci',
      'added 3',
      'packages',
    ]);
    expect(reported.find(({ text }) => text === 'RUN npm ci')).toMatchObject({
      phase: 'dependencies',
      current: 1,
      total: 2,
    });
    expect(reported.findLast(({ current }) => current !== undefined)).toMatchObject({ current: 2, total: 2 });
    expect(progress.failed).toBeUndefined();
  });

  it('names the step that failed, not those that were cancelled for it, with its last lines', () => {
    const progress = new TraceProgress();
    progress.apply(
      trace([vertex('a', '[1/2] RUN a', { started: true }), vertex('b', '[2/2] RUN b', { started: true })]),
    );
    progress.apply(
      trace([
        vertex('a', '[1/2] RUN a', { error: 'context canceled' }),
        vertex('b', '[2/2] RUN b', { error: 'exit code: 1' }),
      ]),
    );
    progress.apply(trace([], [['b', Buffer.from('why\nlast words')]]));
    expect(progress.failed).toEqual({ step: 'RUN b', lines: ['why', 'last words'] });
  });

  it('reads characters that are cut in two, and no control sequences', () => {
    const progress = new TraceProgress();
    progress.apply(trace([vertex('a', '[1/1] RUN a', { started: true })]));
    const text = Buffer.from('gr\u00fc\u00dfe \u001b[2Jda\n');
    const told = [text.subarray(0, 3), text.subarray(3)].flatMap((data) =>
      progress.apply(trace([], [['a', data]])),
    );
    expect(told).toEqual([{ output: 'gr\u00fc\u00dfe da' }]);
  });

  it('is not shown when it is damaged, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.base64String(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
        ),
        (aux) => {
          const decoded = decodeTrace(aux);
          if (decoded !== undefined) new TraceProgress().apply(decoded);
        },
      ),
    );
    expect(decodeTrace(42)).toBeUndefined();
  });
});
