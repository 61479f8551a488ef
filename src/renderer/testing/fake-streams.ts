import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { StatsSample } from '../../shared/stats/stats-contract.ts';
import type { RpcClient } from '../rpc/client.ts';
import type { FakeWorld } from './fake-world.ts';
import { iterate } from './iterate.ts';
import type { Topic } from './topic.ts';

const MIB = 1024 ** 2;
const SAMPLE_MS = 2000;
const PAST_SAMPLES = 40;
const LOG_MS = 900;

/** Load that moves; the first samples come at once, so that a picture has a curve. */
export function fakeStats(world: FakeWorld): RpcClient['stats'] {
  return {
    subscribe: async ({ projectId }, options) =>
      iterate(samples((projectId && world.stacks.get(projectId)) || world.stack, options?.signal)),
  };
}

async function* samples(
  world: Topic<StackSnapshot>,
  signal?: AbortSignal,
): AsyncGenerator<StatsSample, void, void> {
  const start = Date.now();
  for (let index = 0; !signal?.aborted; index += 1) {
    await wait(index > PAST_SAMPLES ? SAMPLE_MS : 0, signal);
    yield sample(world, index, start - (PAST_SAMPLES - index) * SAMPLE_MS);
  }
}

function sample(world: Topic<StackSnapshot>, index: number, at: number): StatsSample {
  const wave = (speed: number) => Math.sin(index / speed) + Math.sin(index / (speed * 2.7) + 1);
  const load: Record<string, [number, number]> = {
    'ai-gateway': [41 + 14 * wave(3), 1230 + 22 * wave(9)],
    'file-manager': [2 + 0.8 * wave(4), 84 + wave(8)],
    'reverse-proxy': [3 + 1.3 * wave(2), 11 + 0.3 * wave(7)],
  };
  const services = world.value.services
    .filter((service) => service.instances.length > 0)
    .map((service) => {
      const [cpuPercent, megabytes] = load[service.name] ?? [1, 10];
      const limit = service.limits.memoryBytes;
      return {
        service: service.name,
        cpuPercent: Math.max(0, cpuPercent),
        memoryBytes: megabytes * MIB,
        ...(limit ? { memoryLimitBytes: limit } : {}),
      };
    });
  return { at, services };
}

export function fakeLogs(): RpcClient['logs'] {
  let line = 0;
  const next = () => {
    line += 1;
    const isGateway = line % 3 !== 0;
    return {
      service: isGateway ? 'ai-gateway' : 'reverse-proxy',
      at: Date.now(),
      stream: 'stdout' as const,
      text: isGateway
        ? `{"level":"info","requestId":"01JD8Q2M${line}","msg":"chat completed","generation":42,"skills":["release-notes"],"ms":${180 + line}}`
        : `127.0.0.1 "POST /v1/chat/completions HTTP/1.1" 200 ${line * 13}`,
    };
  };
  const opened = new Set<string>();
  return {
    open: async () => {
      const streamId = `logs-${opened.size + 1}`;
      return { streamId };
    },
    read: async ({ streamId }, options) => {
      if (!opened.has(streamId)) {
        opened.add(streamId);
        return { lines: Array.from({ length: 40 }, next), dropped: 0, state: 'streaming' };
      }
      await wait(LOG_MS, options?.signal);
      return { lines: [next()], dropped: 0, state: 'streaming' };
    },
    close: async () => ({}),
  };
}

/** A shell that echoes. */
export function fakeTerminal(): RpcClient['terminal'] {
  const pending = new Map<string, string>();
  let count = 0;
  return {
    open: async ({ service }) => {
      count += 1;
      const terminalId = `t${count}`;
      pending.set(terminalId, `\x1b[32m${service}\x1b[0m:/app$ `);
      return { terminalId, shell: '/bin/sh' };
    },
    read: async ({ terminalId }, options) => {
      await wait(pending.get(terminalId) ? 0 : 100, options?.signal);
      const data = pending.get(terminalId) ?? '';
      pending.set(terminalId, '');
      return { data };
    },
    write: async ({ terminalId, data }) => {
      pending.set(terminalId, (pending.get(terminalId) ?? '') + data.replaceAll('\r', '\r\n$ '));
      return {};
    },
    resize: async () => ({}),
    close: async () => ({}),
  };
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
