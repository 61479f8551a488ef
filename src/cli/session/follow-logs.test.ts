import { describe, expect, it } from 'vitest';
import type { LogOptions, StackEngine } from '../../main/engine/stack-engine.ts';
import type { ObservedContainer, ObservedState } from '../../main/plan/observed-state.ts';
import { followLogs } from './follow-logs.ts';
import { mergeByTime } from './merge-streams.ts';

function container(id: string, state: ObservedContainer['state']): ObservedContainer {
  return {
    id,
    name: `p-${id}`,
    service: id,
    number: 1,
    configHash: '',
    imageId: '',
    imageRef: '',
    state,
    health: 'none',
    healthOutput: '',
    oomKilled: false,
    ports: [],
    networks: [],
    labels: {},
  };
}

/** An engine whose containers are those of each look in turn, and whose logs end at once. */
function engineOf(looks: ObservedContainer[][], asked: [string, LogOptions][]) {
  let look = -1;
  return {
    async *watch() {
      for (const _ of looks) {
        // The task of the look before has ended by then.
        await new Promise((resolve) => setTimeout(resolve, 1));
        look += 1;
        yield { kind: 'changed' as const };
      }
    },
    observe: async () => ({ containers: looks[look] ?? [] }) as unknown as ObservedState,
    async *logs(id: string, options: LogOptions) {
      asked.push([id, options]);
      yield { at: asked.length * 1000, stream: 'stdout' as const, text: `line ${asked.length}` };
    },
  } satisfies Pick<StackEngine, 'logs' | 'observe' | 'watch'>;
}

describe('following logs', () => {
  it('reads each once, goes on where a container is started again, and ends with the last that runs', async () => {
    const asked: [string, LogOptions][] = [];
    const lines: string[] = [];
    const engine = engineOf(
      [
        [container('a', 'running'), container('old', 'exited')],
        [container('a', 'exited'), container('old', 'exited'), container('b', 'running')],
        [container('a', 'running'), container('b', 'running')],
        [container('a', 'exited'), container('b', 'exited')],
        [container('never', 'running')],
      ],
      asked,
    );
    await followLogs(
      engine,
      { project: 'p', services: [], tail: 5 },
      ({ text }) => {
        lines.push(text);
      },
      new AbortController().signal,
    );
    expect(asked.map(([id, { since, tail }]) => [id, tail === 5 ? 5 : 'all', since])).toEqual([
      ['a', 5, undefined],
      ['old', 5, undefined],
      ['b', 5, undefined],
      ['a', 'all', 1001],
      ['b', 'all', 3001],
    ]);
    expect(lines).toHaveLength(5);
  });
});

describe('merging', () => {
  it('gives the lines of several in the order of their times', async () => {
    const of = async function* (...times: number[]) {
      for (const at of times) yield { at };
    };
    const merged: number[] = [];
    for await (const { at } of mergeByTime([of(1, 4, 9), of(), of(2, 3, 10)])) merged.push(at);
    expect(merged).toEqual([1, 2, 3, 4, 9, 10]);
  });
});
