import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLIENTS_ID, type MapService, MODEL_ID } from './map-layers.ts';
import { layoutMap } from './map-layout.ts';

const service = (name: string, role: MapService['role'], more: Partial<MapService> = {}): MapService => ({
  name,
  role,
  dependsOn: [],
  available: true,
  ...more,
});

const DOCKER = [
  service('file-manager', 'file-manager'),
  service('ai-gateway', 'gateway', { dependsOn: ['file-manager'] }),
  service('reverse-proxy', 'proxy', { dependsOn: ['ai-gateway', 'file-manager'] }),
];

const columns = (services: readonly MapService[]) =>
  [...Map.groupBy(layoutMap(services).nodes, (node) => node.x).values()].map((nodes) =>
    nodes.map((node) => node.id),
  );

test('puts the way of a request from left to right, the gateway above the file manager', () => {
  expect(columns(DOCKER)).toEqual([
    [CLIENTS_ID],
    ['reverse-proxy'],
    ['ai-gateway', 'file-manager'],
    [MODEL_ID],
  ]);
});

test('marks only the way of a chat request as hot', () => {
  const hot = layoutMap(DOCKER).edges.filter((edge) => edge.isHot);
  expect(hot.map((edge) => edge.id)).toEqual([
    '@clients>reverse-proxy',
    'reverse-proxy>ai-gateway',
    'ai-gateway>@model',
  ]);
});

test('lets clients reach the gateway directly where the proxy is not available', () => {
  const sandbox = DOCKER.map((item) => (item.role === 'proxy' ? { ...item, available: false } : item));
  expect(layoutMap(sandbox).edges.map((edge) => edge.id)).toEqual([
    '@clients>ai-gateway',
    '@clients>file-manager',
    'ai-gateway>@model',
  ]);
  expect(columns(sandbox)).toEqual([
    [CLIENTS_ID],
    ['ai-gateway', 'file-manager', 'reverse-proxy'],
    [MODEL_ID],
  ]);
});

test('keeps the way of a chat request on one line', () => {
  const { nodes } = layoutMap(DOCKER);
  const middles = [CLIENTS_ID, 'reverse-proxy', 'ai-gateway', MODEL_ID].map((id) => {
    const node = nodes.find((candidate) => candidate.id === id);
    return node && node.y + node.height / 2;
  });
  expect(middles).toEqual([0, 0, 0, 0]);
});

test('shows a project without a known way of requests by what depends on what, without clients', () => {
  const shop = [
    service('db', 'other'),
    service('api', 'other', { dependsOn: ['db'] }),
    service('web', 'other', { dependsOn: ['api'] }),
  ];
  expect(columns(shop)).toEqual([['web'], ['api'], ['db']]);
});

test('draws a dependency that another way already shows no second time', () => {
  const shop = [
    service('proxy', 'other', { dependsOn: ['web', 'api'] }),
    service('web', 'other', { dependsOn: ['api'] }),
    service('api', 'other'),
  ];
  expect(layoutMap(shop).edges.map((edge) => edge.id)).toEqual(['proxy>web', 'web>api']);
});

test('puts a service beside what it needs, and what nothing needs at the end of a large map', () => {
  const large = [
    service('cache', 'other'),
    service('search', 'other'),
    service('proxy', 'other', { dependsOn: ['web'] }),
    service('web', 'other', { dependsOn: ['api'] }),
    service('api', 'other', { dependsOn: ['queue', 'migrate'] }),
    service('mailer', 'other', { dependsOn: ['queue'] }),
    service('migrate', 'other', { dependsOn: ['db'] }),
    service('queue', 'other'),
    service('db', 'other'),
  ];
  expect(columns(large)).toEqual([
    ['proxy'],
    ['web'],
    ['api', 'mailer'],
    ['migrate', 'queue'],
    ['db'],
    ['cache', 'search'],
  ]);
});

test('leads a line past a service, not behind it', () => {
  const shop = [
    service('worker', 'other', { dependsOn: ['queue', 'db'] }),
    service('api', 'other', { dependsOn: ['queue', 'migrate'] }),
    service('migrate', 'other', { dependsOn: ['db'] }),
    service('queue', 'other'),
    service('db', 'other'),
  ];
  const { edges, nodes } = layoutMap(shop);
  const [lane] = edges.find(({ id }) => id === 'worker>db')?.via ?? [];
  const beside = nodes.filter(({ x }) => x === lane?.x);
  expect(beside.map(({ id }) => id).toSorted()).toEqual(['migrate', 'queue']);
  for (const { y, height } of beside)
    expect(lane !== undefined && (lane.y < y || lane.y > y + height)).toBe(true);
  expect(edges.filter(({ via }) => via !== undefined)).toHaveLength(1);
});

test('breaks long columns of many services up, so that the map stays wider than high', () => {
  const many = Array.from({ length: 44 }, (_, index) => service(`s${index}`, 'other'));
  const { nodes } = layoutMap(many);
  const width = Math.max(...nodes.map((node) => node.x + node.width));
  const height =
    Math.max(...nodes.map((node) => node.y + node.height)) - Math.min(...nodes.map((node) => node.y));
  expect(new Set(nodes.map((node) => node.x)).size).toBeGreaterThan(3);
  expect(width / height).toBeGreaterThan(1.5);
});

test('lays out any services without overlaps and with every service once', () => {
  const role = fc.constantFrom<MapService['role']>('gateway', 'file-manager', 'proxy', 'other');
  const names = Array.from({ length: 18 }, (_, index) => `s${index}`);
  const services = fc.array(fc.record({ role, available: fc.boolean(), dependsOn: fc.subarray(names) }), {
    maxLength: names.length,
  });
  fc.assert(
    fc.property(services, (rows) => {
      const input = rows.map((row, index) => ({ ...row, name: names[index] ?? '' }));
      const { nodes, edges } = layoutMap(input);
      const ids = nodes.map((node) => node.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const item of input) expect(ids).toContain(item.name);
      for (const edge of edges)
        expect([ids.includes(edge.source), ids.includes(edge.target)]).toEqual([true, true]);
      for (const [index, a] of nodes.entries())
        for (const b of nodes.slice(index + 1)) {
          const apart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(apart).toBe(true);
        }
    }),
  );
});
