import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPortOwner, isPortFree } from './port-owner.ts';

let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test('a port is taken while somebody listens, on all addresses too', async () => {
  expect(await isPortFree('127.0.0.1', port)).toBe(false);
  expect(await isPortFree('0.0.0.0', port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree('127.0.0.1', port)).toBe(true);
  server = createServer().listen(0, '127.0.0.1');
});

test.runIf(process.platform === 'linux')(
  'names the process that listens on a real port',
  { meta: { needs: 'Linux' } },
  async () => {
    expect(await findPortOwner(port)).toEqual({ pid: process.pid, name: 'node' });
  },
);

test('says nothing where nobody listens or the system’s tool is absent', async () => {
  await new Promise((resolve) => server.close(resolve));
  expect(await findPortOwner(port)).toBeUndefined();
  if (process.platform !== 'win32') expect(await findPortOwner(port, 'win32')).toBeUndefined();
  server = createServer().listen(0, '127.0.0.1');
});
