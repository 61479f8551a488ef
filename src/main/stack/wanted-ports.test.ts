import { expect, test } from 'vitest';
import type { PortMapping, Project } from '../compose/project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Operation, Plan } from '../plan/operation.ts';
import { checkPorts } from './preflight.ts';
import { wantedPorts } from './wanted-ports.ts';

const project = (port: Partial<PortMapping>): Project =>
  ({
    services: { web: { name: 'web', ports: [{ hostIp: '', target: 80, protocol: 'tcp', ...port }] } },
  }) as unknown as Project;
const plan = (...operations: Operation[]): Plan =>
  ({
    direction: 'up',
    steps: operations.map((operation, id) => ({ id: String(id), operation })),
  }) as unknown as Plan;
const start = (number: number): Operation => ({ kind: 'start-container', service: 'web', number });
const running = (...hostPorts: number[]): ObservedState =>
  ({
    containers: hostPorts.map((hostPort) => ({
      service: 'web',
      state: 'running',
      ports: [{ hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' }],
    })),
  }) as unknown as ObservedState;
const WEB = { service: 'web', hostIp: '0.0.0.0', port: 8000 };

test('asks for the port of what is started, and for none of what runs', () => {
  expect(wantedPorts(project({ published: 8000 }), running(), plan(start(1)))).toEqual([WEB]);
  expect(wantedPorts(project({ published: 8000 }), running(), plan())).toEqual([]);
  expect(wantedPorts(project({}), running(), plan(start(1)))).toEqual([]);
  expect(wantedPorts(project({ published: 8000, protocol: 'udp' }), running(), plan(start(1)))).toEqual([]);
});

test('what is replaced hands its port on', () => {
  const replace: Operation = {
    kind: 'replace-container',
    service: 'web',
    number: 1,
    containerId: 'old',
    order: 'stop-first',
    until: 'running',
  };
  expect(wantedPorts(project({ published: 8000 }), running(8000), plan(replace))).toEqual([]);
});

test('of a range it asks for as many as instances are started', () => {
  const range = project({ published: 8000, publishedEnd: 8009 });
  expect(wantedPorts(range, running(8003), plan(start(2), start(3)))).toEqual([{ ...WEB, last: 8009 }]);
  expect(wantedPorts(range, running(), plan(start(1), start(2)))).toEqual([{ ...WEB, last: 8009, count: 2 }]);
});

const probe = (...taken: number[]) => ({
  isFree: async (_ip: string, port: number) => !taken.includes(port),
  owner: async () => ({ pid: 7, name: 'other' }),
});

test('a range passes while enough of it is free', async () => {
  await checkPorts([{ ...WEB, last: 8002, count: 2 }], {}, probe(8001));
  await expect(checkPorts([{ ...WEB, last: 8002, count: 2 }], {}, probe(8001, 8002))).rejects.toMatchObject({
    code: 'port.in_use',
    params: { port: 8001, owner: 'other' },
  });
});

test('several instances on one port are told, though it is free', async () => {
  await expect(checkPorts([{ ...WEB, count: 2 }], {}, probe())).rejects.toMatchObject({
    code: 'port.in_use',
    message: '2 instances of web cannot share port 8000.',
  });
});
