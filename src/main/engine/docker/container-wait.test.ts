import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { ApiContainer } from './api-types.ts';
import { waitForContainer } from './container-wait.ts';
import type { DockerApi } from './docker-api.ts';
import { testProject } from './docker-test-bed.ts';

const project = testProject({ web: {} });
const running = { Status: 'running' };
const exited = { Status: 'exited', ExitCode: 3 };
const unhealthy = {
  Status: 'running',
  Health: { Status: 'unhealthy', Log: [{ ExitCode: 1, Output: 'no route' }] },
};
const healthy = { Status: 'running', Health: { Status: 'healthy' } };

/** Waits for a container that is seen in these states, one after the other; the last one stays. */
async function waitThrough(...states: readonly ApiContainer['State'][]) {
  const service = project.services.web;
  if (service === undefined) throw new Error('no service');
  let looks = 0;
  const api = {
    json: async () => {
      const State = states[Math.min(looks, states.length - 1)];
      looks += 1;
      return { Id: 'c', Name: '/web', Image: 'i', Config: { Image: 'i' }, State };
    },
    stream: async () => new PassThrough(),
  } as unknown as DockerApi;
  const reported: string[] = [];
  const end = waitForContainer(api, {
    ref: { project, service, number: 1 },
    containerId: 'c',
    until: 'healthy',
    signal: new AbortController().signal,
    report: ({ output }) => void (output && reported.push(output)),
    readLastLines: async () => ['cannot open model'],
    pollMs: 1,
  });
  const fault = await end.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { fault, reported };
}

test.each([
  ['without a check', running],
  ['whose check fails', unhealthy],
])('a service %s that dies a moment later is told by its exit code', async (_what, state) => {
  const { fault, reported } = await waitThrough(state, state, exited);
  expect(fault).toMatchObject({ code: 'service.exited', params: { service: 'web', exitCode: 3 } });
  expect(reported).toEqual(['cannot open model']);
});

test('one that goes on without a check, or with one that fails, is told so', async () => {
  expect((await waitThrough(running)).fault).toMatchObject({
    code: 'service.unhealthy',
    params: { output: '' },
  });
  const { fault, reported } = await waitThrough(unhealthy);
  expect(fault).toMatchObject({ code: 'service.unhealthy', params: { output: 'no route' } });
  expect(reported).toEqual(['no route']);
});

test('one that gets healthy is waited for', async () => {
  const starting = { Status: 'running', Health: { Status: 'starting' } };
  expect(await waitThrough({ Status: 'created' }, starting, healthy)).toMatchObject({ fault: undefined });
});
