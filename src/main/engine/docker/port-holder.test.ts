import { afterEach, expect, test } from 'vitest';
import { type FakeDocker, json, startFakeDocker } from './fake-docker-server.ts';

let docker: FakeDocker;
afterEach(() => docker.stop());

test('finds the container behind a published port, and its project', async () => {
  const signal = AbortSignal.timeout(5000);
  docker = await startFakeDocker({
    'GET /containers/json': json([
      { Id: 'a'.repeat(64), Names: ['/dns'], Ports: [{ PublicPort: 8443, Type: 'udp' }] },
      { Id: 'b'.repeat(64), Names: ['/inner'], Ports: [{ PrivatePort: 8443, Type: 'tcp' }] },
      {
        Id: 'c'.repeat(64),
        Names: ['/shop-web-1'],
        Labels: { 'com.docker.compose.project': 'shop' },
        Ports: [{ PrivatePort: 80, PublicPort: 8443, Type: 'tcp' }],
      },
      { Id: 'd'.repeat(64), Ports: [{ PublicPort: 9000, Type: 'tcp' }] },
      { Id: 'e'.repeat(64), Names: ['/quiet'] },
    ]),
  });
  await docker.engine.connect(signal);
  expect(await docker.engine.findPortHolder(8443, signal)).toEqual({
    container: 'shop-web-1',
    project: 'shop',
  });
  expect(await docker.engine.findPortHolder(9000, signal)).toEqual({ container: 'dddddddddddd' });
  expect(await docker.engine.findPortHolder(80, signal)).toBeUndefined();
});
