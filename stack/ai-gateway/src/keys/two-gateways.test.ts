import { KeyCreatedSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const ADMIN = 'sk-admin-key';

describe('two gateways over one data folder', () => {
  let one: TestGateway;
  let other: TestGateway;

  beforeAll(async () => {
    one = await startGateway({ GATEWAY_API_KEY: 'sk-owner-key', ADMIN_API_KEY: ADMIN });
    other = await startGateway({
      GATEWAY_API_KEY: 'sk-owner-key',
      ADMIN_API_KEY: ADMIN,
      DATA_DIR: one.directory,
    });
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  const call = (gateway: TestGateway, method: string, route: string, key: string, body?: object) =>
    fetch(gateway.url + route, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const admin = async (gateway: TestGateway, method: string, route: string, body?: object) => {
    const response = await call(gateway, method, `/admin/keys${route}`, ADMIN, body);
    expect(response.ok).toBe(true);
    return response.json();
  };
  const statusAt = async (gateway: TestGateway, secret: string) =>
    (await call(gateway, 'GET', '/v1/models', secret)).status;

  test('a key that one has just made, renewed or switched on again is good at the other at once', async () => {
    const { key, secret } = KeyCreatedSchema.parse(await admin(one, 'POST', '', { name: 'x' }));
    expect(await statusAt(other, secret)).toBe(200);
    const { secret: next } = KeyCreatedSchema.parse(await admin(other, 'POST', `/${key.id}/rotate`));
    expect(await statusAt(one, next)).toBe(200);
    await admin(one, 'PUT', `/${key.id}`, { name: 'x', disabled: true });
    await vi.waitFor(async () => expect(await statusAt(other, next)).toBe(401), 3000);
    await admin(one, 'PUT', `/${key.id}`, { name: 'x' });
    expect(await statusAt(other, next)).toBe(200);
  });

  test('a key that one has removed ends at the other in about a second', async () => {
    const { key, secret } = KeyCreatedSchema.parse(await admin(one, 'POST', '', { name: 'x' }));
    expect(await statusAt(other, secret)).toBe(200);
    await admin(one, 'DELETE', `/${key.id}`);
    await vi.waitFor(async () => expect(await statusAt(other, secret)).toBe(401), 3000);
  });
});
