import { expect, test } from 'vitest';
import { checkPorts, portVariable } from './preflight.ts';

const WANTED = [{ service: 'proxy', hostIp: '127.0.0.1', port: 8443 }];
const probe = { isFree: async () => false, owner: async () => ({ pid: 7, name: 'docker-proxy' }) };

test('lets free ports pass', async () => {
  await checkPorts(WANTED, {}, { ...probe, isFree: async () => true });
});

test('names the process that has the port, and the setting to change', async () => {
  await expect(checkPorts(WANTED, { HTTPS_PORT: '8443' }, probe)).rejects.toMatchObject({
    code: 'port.in_use',
    message: 'Port 8443, which proxy needs, is used by docker-proxy (process 7).',
    params: { owner: 'docker-proxy', pid: 7, variable: 'HTTPS_PORT' },
  });
});

test('names the container and its project instead of the engine’s own process', async () => {
  const engine = { findPortHolder: async () => ({ container: 'shop-web-1', project: 'shop' }) };
  await expect(checkPorts(WANTED, {}, probe, engine)).rejects.toMatchObject({
    message: 'Port 8443, which proxy needs, is used by the container shop-web-1 of shop.',
    params: { owner: 'shop-web-1', pid: 0, container: 'shop-web-1', project: 'shop' },
  });
});

test('falls back to the process, and to nobody, when the engine or the system does not know', async () => {
  const engine = { findPortHolder: () => Promise.reject(new Error('gone')) };
  await expect(checkPorts(WANTED, {}, probe, engine)).rejects.toMatchObject({ params: { pid: 7 } });
  const blind = { ...probe, owner: async () => undefined };
  await expect(checkPorts(WANTED, {}, blind, engine)).rejects.toThrow('is used by another program');
});

test.each([
  [{ GATEWAY_PORT: '9000' }, 9000, 'GATEWAY_PORT'],
  [{}, 8080, 'GATEWAY_PORT'],
  [{ GATEWAY_PORT: '' }, 8080, 'GATEWAY_PORT'],
  [{ GATEWAY_PORT: '9000' }, 8080, undefined],
  [{ OTHER: '9000' }, 9000, undefined],
])('with %j the port %i is set by %s', (env, port, expected) => {
  expect(portVariable(env, port)).toBe(expected);
});
