import { describe, expect, it } from 'vitest';
import type { EngineLogLine, LogOptions } from '../engine/stack-engine.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import type { LogInstance } from './instance-marks.ts';
import { LogService } from './log-service.ts';

interface OpenStream {
  readonly instanceId: string;
  readonly options: LogOptions;
  readonly emit: (text: string, at?: number) => void;
  readonly end: () => void;
}

/** An engine whose streams the test feeds by hand. */
class FakeLogEngine {
  readonly open = new Set<OpenStream>();
  readonly history: { readonly instanceId: string; readonly options: LogOptions }[] = [];

  async *logs(
    instanceId: string,
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncGenerator<EngineLogLine, void, void> {
    const queue: EngineLogLine[] = [];
    let hasEnded = false;
    let wake = () => {};
    const stream: OpenStream = {
      instanceId,
      options,
      emit: (text, at = 1) => {
        queue.push({ at, stream: 'stdout', text });
        wake();
      },
      end: () => {
        hasEnded = true;
        wake();
      },
    };
    this.open.add(stream);
    this.history.push({ instanceId, options });
    signal.addEventListener('abort', stream.end, { once: true });
    try {
      while (!signal.aborted) {
        const line = queue.shift();
        if (line) yield line;
        else if (hasEnded) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      signal.removeEventListener('abort', stream.end);
      this.open.delete(stream);
    }
  }

  get(instanceId: string): OpenStream {
    const found = [...this.open].find((stream) => stream.instanceId === instanceId);
    if (!found) throw new Error(`no stream of ${instanceId}`);
    return found;
  }
}

function setUp(initial: readonly LogInstance[] = [{ service: 'web', instanceId: 'w1', state: 'running' }]) {
  const engine = new FakeLogEngine();
  const instances = new StatePublisher<readonly LogInstance[]>(initial, 0);
  const service = new LogService({
    engine: () => engine,
    subscribeInstances: (signal) => instances.subscribe(signal),
    redact: (text) => text.replaceAll('hunter22', '••••'),
    logger: silentLogger,
    now: () => 99,
    times: { waitMs: 20, gatherMs: 0 },
  });
  const owner = new AbortController();
  const open = (services: readonly string[] = []) => service.open({ services, tail: 100 }, owner.signal);
  const texts = async (id: string) => (await service.read(id)).lines.map(({ text }) => text);
  return { engine, instances, service, owner, open, texts };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('LogService', () => {
  it('opens one engine stream for two views and gives the second what it missed', async () => {
    const { engine, open, texts } = setUp();
    const first = open();
    await settled();
    engine.get('w1').emit('one');
    expect(await texts(first)).toEqual(['one']);
    const second = open();
    engine.get('w1').emit('two');
    await settled();
    expect(await texts(second)).toEqual(['one', 'two']);
    expect(await texts(first)).toEqual(['two']);
    expect(engine.history).toHaveLength(1);
  });

  it('shows only the services asked for, and opens no stream for the others', async () => {
    const { engine, open } = setUp([
      { service: 'web', instanceId: 'w1', state: 'running' },
      { service: 'db', instanceId: 'd1', state: 'running' },
    ]);
    open(['db']);
    await settled();
    expect(engine.history.map(({ instanceId }) => instanceId)).toEqual(['d1']);
    open(['web']);
    await settled();
    expect(engine.history.map(({ instanceId }) => instanceId)).toEqual(['d1', 'w1']);
  });

  it('shows only the instance asked for, also to a view that joins the others', async () => {
    const { engine, service, owner, open, texts } = setUp([
      { service: 'web', instanceId: 'w1', state: 'running' },
      { service: 'web', instanceId: 'w2', state: 'running' },
    ]);
    const openOne = () => service.open({ services: ['web'], instance: 'w2', tail: 100 }, owner.signal);
    const alone = openOne();
    await settled();
    expect(engine.history.map(({ instanceId }) => instanceId)).toEqual(['w2']);
    open(['web']);
    const joined = openOne();
    await settled();
    engine.get('w1').emit('of the other');
    engine.get('w2').emit('of this');
    await settled();
    expect(await texts(alone)).toEqual(['of this']);
    expect(await texts(joined)).toEqual(['of this']);
  });

  it('goes on in a recreated instance, behind a mark', async () => {
    const { engine, instances, open, service } = setUp();
    const id = open();
    await settled();
    engine.get('w1').emit('old', 5);
    await settled();
    instances.publish([{ service: 'web', instanceId: 'w2', state: 'running' }]);
    await settled();
    await settled();
    engine.get('w2').emit('new', 100);
    await settled();
    const { lines } = await service.read(id);
    expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'old'],
      ['panel', 'web recreated'],
      ['stdout', 'new'],
    ]);
    expect([...engine.open].map(({ instanceId }) => instanceId)).toEqual(['w2']);
  });

  it('reads on after a restart without showing a line twice', async () => {
    const { engine, instances, open, service } = setUp();
    const id = open();
    await settled();
    engine.get('w1').emit('a', 5);
    engine.get('w1').emit('b', 6);
    engine.get('w1').emit('b', 6);
    await settled();
    engine.get('w1').end();
    instances.publish([{ service: 'web', instanceId: 'w1', state: 'stopped' }]);
    await settled();
    await settled();
    expect((await service.read(id)).state).toBe('waiting');
    instances.publish([{ service: 'web', instanceId: 'w1', state: 'running' }]);
    await settled();
    await settled();
    expect(engine.history[1]?.options.since).toBe(6);
    const again = engine.get('w1');
    for (const text of ['b', 'b', 'b']) again.emit(text, 6);
    again.emit('c', 7);
    await settled();
    const { lines } = await service.read(id);
    expect(lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)).toEqual(['b', 'c']);
    expect(lines.filter(({ stream }) => stream === 'panel').map(({ text }) => text)).toEqual(['web started']);
  });

  it('masks secrets', async () => {
    const { engine, open, texts } = setUp();
    const id = open();
    await settled();
    engine.get('w1').emit('password=hunter22');
    expect(await texts(id)).toEqual(['password=••••']);
  });

  it('ends with its owner, wakes a waiting reader, and refuses ids that are closed', async () => {
    const { owner, open, service } = setUp();
    const id = open();
    const reading = service.read(id);
    owner.abort();
    expect(await reading).toMatchObject({ state: 'ended' });
    await expect(service.read(id)).rejects.toMatchObject({ code: 'stream.unknown' });
  });

  it('answers an empty batch when nothing comes in time', async () => {
    const { open, service } = setUp();
    expect(await service.read(open())).toEqual({ lines: [], dropped: 0, state: 'streaming' });
  });

  it('opens and closes a hundred times and leaves nothing', async () => {
    const { engine, instances, owner, open, service } = setUp();
    let listeners = 0;
    const { signal } = owner;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let i = 0; i < 100; i += 1) {
      const id = open();
      await settled();
      expect(engine.open.size).toBe(1);
      service.close(id);
      await settled();
    }
    expect(service.openCounts).toEqual({ streams: 0, feeds: 0, isFollowing: false });
    expect([engine.open.size, instances.subscriberCount, listeners]).toEqual([0, 0, 0]);
  });
});
