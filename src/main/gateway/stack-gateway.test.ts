import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Endpoint, ServiceSnapshot, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { gatewayConnection, StackGateway } from './stack-gateway.ts';

const HEALTHY = { kind: 'healthy', since: 1 } as const;
const ENDPOINTS: Endpoint[] = [
  { id: 'gateway', url: 'http://127.0.0.1:8080' },
  { id: 'gateway-tls', url: 'https://127.0.0.1:8443/v1' },
];

function service(role: ServiceSnapshot['role'], state: ServiceSnapshot['state']): ServiceSnapshot {
  return {
    name: role,
    role,
    image: role,
    state,
    instances: [{ id: role, name: role }],
    ports: [],
    dependsOn: [],
    available: true,
    limits: {},
    orphan: false,
  };
}

function snapshot(services: ServiceSnapshot[], endpoints = ENDPOINTS): StackSnapshot {
  return {
    seq: 1,
    project: { name: 'p', workspace: '/w' },
    engine: { kind: 'connecting', engine: 'docker' },
    state: 'running',
    services,
    networks: [],
    endpoints,
  };
}

const both = snapshot([service('gateway', HEALTHY), service('proxy', HEALTHY)]);
const settings = { apiKey: 'sk-1', adminKey: 'sk-admin' };

describe('the way to the gateway', () => {
  it('leads through the proxy for the chat, and straight for everything else', () => {
    expect(gatewayConnection(both, settings, 'PEM')).toEqual({
      baseUrl: 'http://127.0.0.1:8080',
      chatBaseUrl: 'https://127.0.0.1:8443/v1',
      apiKey: 'sk-1',
      adminKey: 'sk-admin',
      ca: 'PEM',
    });
  });

  it.each([
    [
      'is not healthy',
      snapshot([service('gateway', HEALTHY), service('proxy', { kind: 'starting' })]),
      'PEM',
    ],
    [
      'is not there, as in the sandbox',
      snapshot([service('gateway', HEALTHY)], ENDPOINTS.slice(0, 1)),
      'PEM',
    ],
    ['cannot be trusted without the authority', both, undefined],
  ])('is the direct one while the proxy %s', (_why, now, ca) => {
    expect(gatewayConnection(now, settings, ca)?.chatBaseUrl).toBe('http://127.0.0.1:8080/v1');
  });

  it.each([
    ['absent', snapshot([])],
    ['starting', snapshot([service('gateway', { kind: 'starting' })])],
    ['unhealthy', snapshot([service('gateway', { kind: 'unhealthy', output: '' })])],
    ['without an address', snapshot([service('gateway', HEALTHY)], [])],
  ])('does not exist while the gateway is %s', (_state, now) => {
    expect(gatewayConnection(now, settings, 'PEM')).toBeUndefined();
  });
});

describe('following the stack', () => {
  let publisher: StatePublisher<StackSnapshot>;
  let gateway: StackGateway;
  let ca: string;
  const changed = vi.fn();

  beforeEach(() => {
    changed.mockClear();
    ca = 'PEM';
    publisher = new StatePublisher(snapshot([]), 0);
    gateway = new StackGateway({
      subscribe: (signal) => publisher.subscribe(signal),
      settings: () => settings,
      ca: async () => ca,
    });
    gateway.onDidChange(changed);
  });
  afterEach(() => gateway.dispose());

  const publish = async (next: StackSnapshot) => {
    publisher.publish(next);
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('tells once when the gateway comes up, and once when it goes away', async () => {
    await publish(snapshot([]));
    changed.mockClear();
    await publish(both);
    await publish({ ...both, seq: 2 });
    expect(changed).toHaveBeenCalledTimes(1);
    expect(gateway.connection()?.apiKey).toBe('sk-1');
    await publish(snapshot([]));
    expect(changed).toHaveBeenCalledTimes(2);
    expect(gateway.connection()).toBeUndefined();
  });

  it('takes a restarted or replaced gateway at the same address for another one', async () => {
    await publish(both);
    changed.mockClear();
    await publish(snapshot([service('gateway', { kind: 'healthy', since: 2 }), service('proxy', HEALTHY)]));
    expect(changed).toHaveBeenCalledTimes(1);
    await publish(
      snapshot([
        { ...service('gateway', { kind: 'healthy', since: 2 }), instances: [{ id: 'new', name: 'gateway' }] },
        service('proxy', HEALTHY),
      ]),
    );
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('notices a new certificate authority', async () => {
    await publish(both);
    ca = 'PEM 2';
    await publish({ ...both, seq: 2 });
    expect(gateway.connection()?.ca).toBe('PEM 2');
  });

  it('leaves nothing behind', async () => {
    await publish(both);
    gateway.dispose();
    await vi.waitFor(() => expect(publisher.subscriberCount).toBe(0));
    changed.mockClear();
    await publish(snapshot([]));
    expect(changed).not.toHaveBeenCalled();
  });
});
