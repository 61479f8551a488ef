import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { DockerApi } from './docker-api.ts';
import { type WatchTimes, watchProjects } from './watch.ts';

const times: WatchTimes = { coalesceMs: 1, settleMs: 10, heartbeatMs: 60_000, heartbeatTimeoutMs: 1000 };

function open() {
  const events = new PassThrough();
  const api = { stream: async () => events, json: async () => '' } as unknown as DockerApi;
  const controller = new AbortController();
  const changes = watchProjects(api, controller.signal, times);
  const say = (Action: string, project: string) =>
    events.write(
      `${JSON.stringify({ Type: 'container', Action, Actor: { ID: 'a', Attributes: { 'com.docker.compose.project': project } } })}\n`,
    );
  return { changes, controller, events, say, next: async () => (await changes.next()).value };
}

test('tells of a burst at once, and once more when it has been quiet: the lists may come after the event', async () => {
  const { controller, events, next, say } = open();
  expect([await next(), await next()]).toEqual([{ kind: 'changed' }, { kind: 'changed' }]);
  say('pause', 'shop');
  expect([await next(), await next()]).toEqual([
    { kind: 'changed', projects: ['shop'] },
    { kind: 'changed', projects: ['shop'] },
  ]);
  say('stop', 'blog');
  expect(await next()).toEqual({ kind: 'changed', projects: ['blog'] });
  // Not quiet yet: what has come meanwhile is told by itself, and the last time both.
  say('start', 'shop');
  expect(await next()).toEqual({ kind: 'changed', projects: ['shop'] });
  expect(await next()).toEqual({ kind: 'changed', projects: ['blog', 'shop'] });
  const nothingMore = next();
  controller.abort();
  events.end();
  expect(await nothingMore).toBeUndefined();
});

test('fails when the engine ends the stream, which it never does by itself', async () => {
  const { events, next } = open();
  await next();
  events.end();
  await expect(next().then(next)).rejects.toMatchObject({ code: 'engine.unreachable' });
});
