import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { LogBatch, LogMark } from '../../shared/logs/logs-contract.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { Logger } from '../lifetime/logger.ts';
import { InstanceFeed } from './instance-feed.ts';
import { instanceMarks, type LogInstance } from './instance-marks.ts';
import { LogStream, type LogStreamTimes, type WantedLogs } from './log-stream.ts';

export interface LogServiceDeps {
  /** The engine in use now; it may change between two instances. */
  readonly engine: () => Pick<StackEngine, 'logs'>;
  /** The instances now, then after every change; ends with the signal. */
  readonly subscribeInstances: (signal: AbortSignal) => AsyncIterable<readonly LogInstance[]>;
  readonly redact: (text: string) => string;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly times?: LogStreamTimes;
}

const MAX_STREAMS = 64;
const DEFAULT_TIMES: LogStreamTimes = { waitMs: 10_000, gatherMs: 15 };

/**
 * Log streams over the services. Each instance is read once, however many look at it, and only while somebody does.
 * A service that is started again or recreated goes on in the same stream, behind a line of the panel.
 */
export class LogService {
  readonly #deps: LogServiceDeps;
  readonly #streams = new Map<string, LogStream>();
  readonly #feeds = new Map<string, InstanceFeed>();
  /** By stream: ends its listening to the feeds and to its owner. */
  readonly #unlisten = new Map<string, (() => void)[]>();
  #instances: readonly LogInstance[] | undefined;
  #following: AbortController | undefined;

  constructor(deps: LogServiceDeps) {
    this.#deps = deps;
  }

  /** For tests and the idle budget. */
  get openCounts(): { readonly streams: number; readonly feeds: number; readonly isFollowing: boolean } {
    return {
      streams: this.#streams.size,
      feeds: this.#feeds.size,
      isFollowing: this.#following !== undefined,
    };
  }

  /** @param owner the connection that asked; the stream ends with it. */
  open(wanted: WantedLogs, owner: AbortSignal): string {
    if (this.#streams.size >= MAX_STREAMS)
      throw new AppError('operation.busy', phrase('too_many_logs'), { hint: 'Close some of them.' });
    const id = randomUUID();
    const stream = new LogStream(wanted, this.#deps.times ?? DEFAULT_TIMES);
    this.#streams.set(id, stream);
    const onGone = () => this.close(id);
    owner.addEventListener('abort', onGone, { once: true });
    this.#unlisten.set(id, [() => owner.removeEventListener('abort', onGone)]);
    if (owner.aborted) this.close(id);
    else if (this.#following) this.#join(id, stream);
    else this.#follow();
    return id;
  }

  has(id: string): boolean {
    return this.#streams.has(id);
  }

  async read(id: string): Promise<LogBatch> {
    const stream = this.#streams.get(id);
    if (!stream) throw new AppError('stream.unknown', phrase('log_gone'), { params: { id } });
    return stream.read(() => this.#stateOf(stream));
  }

  close(id: string): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    for (const end of this.#unlisten.get(id) ?? []) end();
    this.#unlisten.delete(id);
    stream.close();
    for (const [instanceId, feed] of this.#feeds) if (feed.listenerCount === 0) this.#drop(instanceId, feed);
    if (this.#streams.size === 0) this.#unfollow();
  }

  dispose(): void {
    for (const id of [...this.#streams.keys()]) this.close(id);
  }

  /** A further view: it gets what the running feeds remember, and feeds for services that nobody has looked at. */
  #join(id: string, stream: LogStream): void {
    for (const [instanceId, feed] of this.#feeds) this.#attach(id, stream, instanceId, feed);
    if (this.#instances) this.#update(this.#instances);
  }

  #follow(): void {
    const controller = new AbortController();
    this.#following = controller;
    void this.#run(controller.signal);
  }

  #unfollow(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#instances = undefined;
    for (const [instanceId, feed] of this.#feeds) this.#drop(instanceId, feed);
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      for await (const instances of this.#deps.subscribeInstances(signal)) {
        if (signal.aborted) return;
        this.#update(instances);
      }
    } catch (error) {
      if (!signal.aborted)
        this.#deps.logger.error({ err: error }, 'following the instances of the stack failed');
    }
  }

  #update(instances: readonly LogInstance[]): void {
    const marks = this.#instances ? instanceMarks(this.#instances, instances) : [];
    this.#instances = instances;
    for (const { service, mark } of marks) this.#mark(service, mark);
    const wanted = instances.filter(({ service, instanceId }) =>
      [...this.#streams.values()].some((stream) => stream.coversInstance(service, instanceId)),
    );
    const ids = new Set(instances.map(({ instanceId }) => instanceId));
    for (const [instanceId, feed] of this.#feeds) if (!ids.has(instanceId)) this.#drop(instanceId, feed);
    for (const instance of wanted) this.#ensureFeed(instance);
  }

  #ensureFeed({ service, instanceId, state }: LogInstance): void {
    const known = this.#feeds.get(instanceId);
    if (known) {
      if (state === 'running') known.resume();
      return;
    }
    const feed = new InstanceFeed({
      service,
      instanceId,
      readLogs: (options, signal) => this.#deps.engine().logs(instanceId, options, signal),
      redact: this.#deps.redact,
      onError: (error) =>
        this.#deps.logger.warn({ err: error, service }, 'a log stream of the engine failed'),
    });
    this.#feeds.set(instanceId, feed);
    const streams = [...this.#streams].filter(([, stream]) => stream.coversInstance(service, instanceId));
    for (const [id, stream] of streams) this.#attach(id, stream, instanceId, feed);
    feed.resume(Math.max(0, ...streams.map(([, stream]) => stream.tail)));
  }

  #attach(id: string, stream: LogStream, instanceId: string, feed: InstanceFeed): void {
    if (!stream.coversInstance(feed.service, instanceId)) return;
    this.#unlisten.get(id)?.push(feed.listen((line) => stream.push(instanceId, line), stream.tail));
  }

  #drop(instanceId: string, feed: InstanceFeed): void {
    feed.dispose();
    this.#feeds.delete(instanceId);
  }

  #mark(service: string, mark: LogMark): void {
    const at = (this.#deps.now ?? Date.now)();
    const text = `${service} ${mark}`;
    for (const stream of this.#streams.values())
      if (stream.covers(service)) stream.push('panel', { service, at, stream: 'panel', text, mark });
  }

  #stateOf(stream: LogStream): LogBatch['state'] {
    const isLive = [...this.#feeds].some(
      ([instanceId, feed]) => feed.isLive && stream.coversInstance(feed.service, instanceId),
    );
    return isLive ? 'streaming' : 'waiting';
  }
}
