import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { ServiceSnapshot, ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { pullingRun } from './sample-shop.ts';

const TIERS: readonly (readonly string[])[] = [
  ['edge', 'admin-edge'],
  ['storefront', 'backoffice', 'mobile-bff', 'partner-api', 'status-page'],
  [
    'accounts',
    'billing',
    'cart',
    'catalogue',
    'checkout',
    'delivery',
    'discounts',
    'fraud',
    'inventory',
    'invoices',
    'notifications',
    'orders',
    'payments',
    'pricing',
    'recommendations',
    'reviews',
    'search',
    'shipping',
    'taxes',
  ],
  ['mailer', 'pdf', 'media', 'scheduler', 'webhooks', 'exports', 'importer', 'indexer'],
  [
    'postgres-main',
    'postgres-orders',
    'redis-sessions',
    'redis-cache',
    'kafka',
    'zookeeper',
    'opensearch',
    'minio',
    'prometheus',
    'grafana',
  ],
];

const STATES: Readonly<Record<string, ServiceState>> = {
  fraud: { kind: 'unhealthy', output: 'model file is missing' },
  exports: { kind: 'failed', exitCode: 1, lastLines: ['Error: EACCES: permission denied, mkdir /exports'] },
  importer: { kind: 'completed' },
  reviews: { kind: 'starting' },
  pdf: { kind: 'restarting', exitCode: 139 },
};

/** Forty-four services in five tiers: what the map and the table have to bear. */
export function platformSnapshot(now: number): StackSnapshot {
  const services = TIERS.flatMap((names, tier) =>
    names.map((name, index): ServiceSnapshot => {
      const state = STATES[name] ?? { kind: 'healthy', since: now - 90_000_000 };
      const next = TIERS[tier + 1] ?? [];
      const wanted = tier === 2 && index % 5 === 0 ? 3 : 1;
      return {
        name,
        role: 'other',
        image: `registry.example.org/platform/${name}:2026.3.${index}`,
        state,
        instances: Array.from({ length: wanted }, (_, at) => ({
          id: `${tier}${index}${at}c0ffee0099`,
          name: `platform-${name}-${at + 1}`,
          number: at + 1,
          state,
        })),
        replicas: { running: state.kind === 'healthy' ? wanted : 0, wanted },
        ports:
          tier === 0
            ? [{ hostIp: '0.0.0.0', hostPort: 8000 + index, containerPort: 80, protocol: 'tcp' as const }]
            : [],
        dependsOn: next.filter((_, at) => (at + index) % 5 === 0).slice(0, 2),
        available: true,
        limits: {},
        orphan: false,
      };
    }),
  );
  return {
    seq: 1,
    project: { id: 'p-platform', name: 'platform', workspace: '/home/lin/src/platform/deploy/compose' },
    engine: {
      kind: 'connected',
      engine: 'docker',
      context: 'default',
      version: '27.3.1',
      apiVersion: '1.47',
    },
    state: 'degraded',
    services,
    networks: [{ name: 'platform_default', subnet: '172.22.0.0/16', exists: true }],
    endpoints: [],
    plan: { direction: 'up', steps: [], services: [] },
    run: pullingRun(now - 9000),
    queue: [
      { id: 'run-63', kind: 'scale', services: ['worker'] },
      { id: 'run-64', kind: 'restart', services: ['web', 'api', 'queue'] },
    ],
  };
}

/** Known from labels alone: there is no file to plan with. */
export function foundSnapshot(now: number): StackSnapshot {
  const { plan: _plan, ...rest } = platformSnapshot(now);
  const service = (name: string, image: string): ServiceSnapshot => ({
    name,
    role: 'other',
    image,
    state: { kind: 'running', since: now - 5_000_000 },
    instances: [{ id: `${name}0099aabbcc`, name: `blog-${name}-1`, number: 1 }],
    ports: [],
    dependsOn: [],
    available: true,
    limits: {},
    orphan: false,
  });
  return {
    ...rest,
    project: { id: 'f-blog', name: 'blog', workspace: '/srv/blog' },
    state: 'running',
    services: [service('ghost', 'ghost:5'), service('db', 'mysql:8')],
    networks: [],
  };
}

/** Start is refused: the files ask for what cannot be done. */
export function unsupportedSnapshot(now: number): StackSnapshot {
  const { run: _run, queue: _queue, ...base } = platformSnapshot(now);
  return {
    ...base,
    project: {
      id: 'p-lab',
      name: 'lab',
      workspace: '/home/lin/src/lab',
      unsupported: [
        {
          place: 'compose.yaml, line 18',
          key: 'services.db.credential_spec',
          reason: phrase('unsupported_windows'),
        },
        {
          place: 'compose.yaml, line 31',
          key: 'services.web.provider',
          reason: phrase('unsupported_provider'),
        },
      ],
    },
    state: 'stopped',
    services: base.services.slice(0, 3).map((service) => ({
      ...service,
      state: { kind: 'absent' },
      instances: [],
      ports: [],
      dependsOn: [],
    })),
  };
}
