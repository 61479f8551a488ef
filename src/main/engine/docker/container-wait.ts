import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { configRefusal } from '../exit-fault.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { ApiContainer } from './api-types.ts';
import { findContainer, type InstanceRef, inspectContainer } from './container-lookup.ts';
import type { DockerApi } from './docker-api.ts';

export type WaitUntil = 'running' | 'healthy' | 'completed';

export interface WaitInput {
  readonly ref: InstanceRef;
  /** Absent: the container that the instance has. */
  readonly containerId?: string;
  readonly until: WaitUntil;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
  /** The last lines of the container, for the report of one that died. */
  readonly readLastLines: (id: string) => Promise<readonly string[]>;
  /** How long it must stay as wanted. */
  readonly monitorMs?: number;
  /** Between two looks without an event. */
  readonly pollMs?: number;
}

/** Compose's own interval; events make it faster where they come. */
const POLL_MS = 500;
/** A container that the engine restarts again and again never gets anywhere. */
const MAX_RESTARTS = 2;
const MAX_PROBE_CHARS = 500;

/** Waits until the container is as far as its dependants need it, or cannot get there any more. */
export async function waitForContainer(api: DockerApi, input: WaitInput): Promise<void> {
  const { ref, signal, monitorMs = 0, pollMs = POLL_MS, until } = input;
  const found = await (input.containerId === undefined
    ? findContainer(api, ref, signal)
    : inspectContainer(api, input.containerId, signal));
  if (!found) throw gone(ref);
  const restarts = found.RestartCount ?? 0;
  // Mostly it is as far already, and nothing has to be subscribed to.
  if (monitorMs === 0 && (await look(found, restarts, input)) === 'there') return;
  const wake = await openWakeUps(api, found.Id, signal);
  let seen: { readonly sight: Sight; readonly at: number } | undefined;
  try {
    for (;;) {
      const container = await inspectContainer(api, found.Id, signal);
      if (!container) throw gone(ref);
      const sight = await look(container, restarts, input);
      if (seen?.sight !== sight) seen = { sight, at: performance.now() };
      // One that is about to die is seen as running for a moment, and its exit code says more.
      const stayMs = sight !== 'there' ? pollMs : until === 'completed' ? 0 : monitorMs;
      const leftMs = stayMs - (performance.now() - seen.at);
      if (leftMs <= 0 && sight !== 'not_yet') {
        if (sight === 'there') return;
        throw sight === 'unchecked' ? unchecked(ref) : unhealthy(container, input);
      }
      await wake.next(sight === 'not_yet' ? pollMs : Math.min(leftMs, pollMs));
    }
  } finally {
    wake.close();
  }
}

/** `unchecked`: it is to be healthy, and nothing looks at whether it is. */
type Sight = 'there' | 'not_yet' | 'unhealthy' | 'unchecked';

async function look(container: ApiContainer, firstRestarts: number, input: WaitInput): Promise<Sight> {
  const { until } = input;
  const { State: state } = container;
  const hasEnded = state.Status === 'exited' || state.Status === 'dead';
  if (until === 'completed' && hasEnded && state.ExitCode === 0) return 'there';
  const loops = (container.RestartCount ?? 0) - firstRestarts >= MAX_RESTARTS;
  if (hasEnded || loops) throw await exited(container, input);
  if (state.Status !== 'running') return 'not_yet';
  if (until === 'running') return 'there';
  if (until === 'completed') return 'not_yet';
  switch (state.Health?.Status ?? 'none') {
    case 'none':
      return 'unchecked';
    case 'healthy':
      return 'there';
    case 'unhealthy':
      return 'unhealthy';
    default: {
      const output = lastProbe(container);
      if (output !== '') input.report({ text: output.split('\n')[0] ?? '' });
      return 'not_yet';
    }
  }
}

function unchecked({ service }: InstanceRef): AppError {
  return new AppError('service.unhealthy', phrase('waited_without_healthcheck', { service: service.name }), {
    hint: 'Add a healthcheck to the service, or let the others wait for service_started.',
    params: { service: service.name, output: '' },
  });
}

async function exited(container: ApiContainer, { ref, report, readLastLines }: WaitInput): Promise<AppError> {
  // The reason of the death is the message; that its log cannot be read must not hide it.
  const lines = await readLastLines(container.Id).catch(() => [] as readonly string[]);
  for (const output of lines) report({ output });
  const refusal = configRefusal(container.State.ExitCode, lines);
  if (refusal !== undefined) return refusal;
  const exitCode = container.State.ExitCode ?? -1;
  const oomKilled = container.State.OOMKilled === true;
  const service = ref.service.name;
  return new AppError(
    'service.exited',
    phrase(oomKilled ? 'exited_out_of_memory' : 'exited', { service, code: exitCode }),
    {
      hint: oomKilled ? 'Give the service more memory.' : 'Its last lines say why; open the logs for more.',
      params: {
        service,
        exitCode,
        output: lines.slice(-3).join('\n').slice(-MAX_PROBE_CHARS),
        ...(oomKilled ? { oomKilled: 1 } : {}),
      },
    },
  );
}

function unhealthy(container: ApiContainer, { ref, report }: WaitInput): AppError {
  const output = lastProbe(container);
  for (const line of output.split('\n')) if (line !== '') report({ output: line });
  return new AppError('service.unhealthy', phrase('unhealthy', { service: ref.service.name }), {
    hint: 'The output of the check says why; open the logs for more, or give the check a longer start period.',
    params: { service: ref.service.name, output },
  });
}

function lastProbe(container: ApiContainer): string {
  return (container.State.Health?.Log?.at(-1)?.Output ?? '').trim().slice(-MAX_PROBE_CHARS);
}

function gone({ service }: InstanceRef): AppError {
  return new AppError('service.start_failed', phrase('removed_while_waiting', { service: service.name }), {
    params: { service: service.name, reason: '' },
  });
}

interface WakeUps {
  /** Resolves at the next event of the container, or after this time. Rejects on abort. */
  next(limitMs: number): Promise<void>;
  close(): void;
}

async function openWakeUps(api: DockerApi, id: string, signal: AbortSignal): Promise<WakeUps> {
  const filters = {
    type: ['container'],
    container: [id],
    event: ['health_status', 'die', 'oom', 'start', 'destroy'],
  };
  const controller = new AbortController();
  const combined = AbortSignal.any([signal, controller.signal]);
  let wake = () => {};
  let hasNews = false;
  // Polling alone is enough; the stream only makes it quicker.
  const stream = await api
    .stream({ path: '/events', query: { filters }, signal: combined })
    .catch(() => undefined);
  stream?.on('data', () => {
    hasNews = true;
    wake();
  });
  stream?.on('error', () => {});
  return {
    next: async (limitMs) => {
      const pause = new AbortController();
      wake = () => pause.abort();
      const stop = AbortSignal.any([signal, pause.signal]);
      if (!hasNews) await delay(limitMs, undefined, { signal: stop }).catch(() => {});
      hasNews = false;
      signal.throwIfAborted();
    },
    close: () => {
      controller.abort();
      stream?.destroy();
    },
  };
}
