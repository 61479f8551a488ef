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

test('tells of a burst at once, and once more a while later: the lists may come after the event', async () => {
  const { controller, events, next, say } = open();
  expect(await next()).toEqual({ kind: 'changed' });
  say('pause', 'shop');
  expect([await next(), await next()]).toEqual([
    { kind: 'changed', projects: ['shop'] },
    { kind: 'changed', projects: ['shop'] },
  ]);
  const nothingMore = next();
  controller.abort();
  events.end();
  expect(await nothingMore).toBeUndefined();
});

test('tells of a project once more while another one never gets quiet', async () => {
  const { changes, controller, next, say } = open();
  await next();
  say('pause', 'shop');
  expect(await next()).toEqual({ kind: 'changed', projects: ['shop'] });
  let toldAgain = 0;
  for (let index = 0; index < 100; index += 1) {
    say('restart', 'blog');
    const change = await next();
    if (change?.projects?.includes('shop') === true) toldAgain += 1;
  }
  // Once, and not with every event of the other.
  expect(toldAgain).toBe(1);
  controller.abort();
  await changes.return();
});

test('fails when the engine ends the stream, which it never does by itself', async () => {
  const { events, next } = open();
  await next();
  events.end();
  await expect(next().then(next)).rejects.toMatchObject({ code: 'engine.unreachable' });
});
