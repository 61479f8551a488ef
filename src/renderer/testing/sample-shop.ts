import type { Cause, PlanView, ServiceChange } from '../../shared/stack/plan-view.ts';
import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import type { ServiceSnapshot, ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';

const MIB = 1024 ** 2;

const cause = (kind: Cause['kind'], text: string, more: Partial<Cause> = {}): Cause => ({
  kind,
  params: {},
  text,
  ...more,
});

const WEB_CHANGES: Cause = cause('config_changed', 'The configuration of web changed.', {
  changes: [
    { path: 'environment.PORT', from: '8080', to: '8081' },
    { path: 'environment.SESSION_SECRET', secret: true },
    { path: 'ports', from: '127.0.0.1:3000:8080', to: '127.0.0.1:3000:8081' },
    { path: 'deploy.resources.limits.memory', to: '512M' },
    { path: 'labels.team', from: 'checkout' },
  ],
});

interface Row {
  readonly name: string;
  readonly image: string;
  readonly state: ServiceState;
  readonly dependsOn?: string[];
  readonly ports?: readonly [number, number][];
  readonly more?: Partial<ServiceSnapshot>;
  readonly instances?: ServiceSnapshot['instances'];
}

const instance = (name: string, number: number, state: ServiceState) => ({
  id: `${name.padEnd(8, '0').slice(0, 8)}${String(number).repeat(4)}9c41`.replace(/[^a-f0-9]/g, 'e'),
  name: `shop-${name}-${number}`,
  number,
  state,
});

function toService({
  name,
  image,
  state,
  dependsOn = [],
  ports = [],
  more,
  instances,
}: Row): ServiceSnapshot {
  const exists = !['absent'].includes(state.kind);
  const own = instances ?? (exists ? [instance(name, 1, state)] : []);
  return {
    name,
    role: 'other',
    image,
    state,
    instances: own,
    replicas: {
      running: own.filter((one) => ['running', 'healthy'].includes(one.state?.kind ?? '')).length,
      wanted: 1,
    },
    ports: ports.map(([hostPort, containerPort]) => ({
      hostIp: '127.0.0.1',
      hostPort,
      containerPort,
      protocol: 'tcp',
    })),
    dependsOn,
    available: true,
    limits: {},
    orphan: false,
    ...more,
  };
}

function shopRows(now: number): readonly Row[] {
  const healthy = { kind: 'healthy', since: now - 8_052_000 } as const;
  const running = { kind: 'running', since: now - 8_052_000 } as const;
  const died: ServiceState = {
    kind: 'failed',
    exitCode: 137,
    oomKilled: true,
    lastLines: ['worker: took job 7712 (resize)', 'worker: 118 images of 4032×3024', 'Killed'],
  };
  return [
    {
      name: 'proxy',
      image: 'nginx:1.28',
      state: running,
      dependsOn: ['web', 'api'],
      ports: [
        [8443, 443],
        [8088, 80],
      ],
    },
    {
      name: 'web',
      image: 'shop/web:2.4',
      state: healthy,
      dependsOn: ['api'],
      ports: [[3000, 8080]],
      more: { drift: WEB_CHANGES, limits: { cpus: 0.5 } },
    },
    {
      name: 'api',
      image: 'shop/api:2.4',
      state: {
        kind: 'unhealthy',
        since: now - 40_000,
        output:
          'GET http://localhost:9000/ready\ncurl: (22) The requested URL returned error: 503\n{"db":"ok","queue":"connection refused (amqp://queue:5672)"}',
      },
      dependsOn: ['db', 'cache', 'queue', 'migrate'],
    },
    {
      name: 'worker',
      image: 'shop/worker:2.4',
      state: { kind: 'degraded', running: 2, wanted: 3, output: 'shop-worker-3 exited with code 137' },
      dependsOn: ['queue', 'db'],
      instances: [
        instance('worker', 1, running),
        instance('worker', 2, running),
        instance('worker', 3, died),
      ],
      more: { replicas: { running: 2, wanted: 3 }, limits: { cpus: 1, memoryBytes: 512 * MIB } },
    },
    {
      name: 'migrate',
      image: 'shop/api:2.4',
      state: { kind: 'completed' },
      dependsOn: ['db'],
    },
    { name: 'db', image: 'postgres:16', state: healthy, more: { limits: { memoryBytes: 1024 * MIB } } },
    { name: 'cache', image: 'redis:7', state: { kind: 'paused' } },
    {
      name: 'queue',
      image: 'rabbitmq:3.13-management',
      state: {
        kind: 'failed',
        exitCode: 64,
        lastLines: [
          '2026-03-02 09:14:11.502 [error] Config file generation failed',
          '[error] You have provided a configuration file with errors at line 14',
          'init terminating in do_boot',
        ],
      },
      ports: [[15672, 15672]],
    },
    { name: 'mailhog', image: 'mailhog/mailhog:v1.0.1', state: { kind: 'absent' }, more: { inactive: true } },
    {
      name: 'old-search',
      image: 'elasticsearch:7.17',
      state: { kind: 'stopped' },
      more: { orphan: true, replicas: { running: 0, wanted: 0 } },
    },
  ];
}

const SERVICE_CHANGES: ServiceChange[] = [
  { service: 'proxy', action: 'none', causes: [], replicas: { from: 1, to: 1 }, downtime: 'none' },
  {
    service: 'web',
    action: 'replace',
    causes: [WEB_CHANGES],
    replicas: { from: 1, to: 1 },
    downtime: 'short',
  },
  {
    service: 'api',
    action: 'replace',
    causes: [
      cause('image_changed', 'The image has changed.', {
        params: { from: 'shop/api:2.3', to: 'shop/api:2.4' },
      }),
    ],
    replicas: { from: 1, to: 1 },
    downtime: 'none',
  },
  {
    service: 'worker',
    action: 'scale',
    causes: [cause('scale', 'Three instances are wanted.')],
    replicas: { from: 2, to: 3 },
    downtime: 'none',
  },
  {
    service: 'queue',
    action: 'start',
    causes: [cause('not_running', 'It is not running.')],
    replicas: { from: 0, to: 1 },
    downtime: 'none',
  },
  {
    service: 'old-search',
    action: 'remove',
    causes: [cause('orphan', 'The files do not describe it any more.')],
    replicas: { from: 1, to: 0 },
    downtime: 'stopped',
  },
];

const planStep = (
  kind: PlanView['steps'][number]['kind'],
  phase: PlanView['steps'][number]['phase'],
  target: string,
  reason: Cause,
  isOfProject = false,
): PlanView['steps'][number] => ({
  id: `${kind}:${target}`,
  kind,
  phase,
  target,
  ...(isOfProject ? {} : { service: target }),
  cause: reason,
  dependsOn: [],
});

export const SHOP_PLAN: PlanView = {
  direction: 'up',
  services: SERVICE_CHANGES,
  steps: [
    planStep('create-network', 'prepare', 'shop_edge', cause('missing', 'It does not exist.'), true),
    planStep('create-volume', 'prepare', 'shop_uploads', cause('missing', 'It does not exist.'), true),
    planStep(
      'pull-image',
      'image',
      'api',
      cause('image_changed', 'A newer image.', { params: { image: 'shop/api:2.4' } }),
    ),
    planStep('replace-container', 'prepare', 'web', WEB_CHANGES),
    planStep('wait-container', 'health', 'web', cause('dependency', 'proxy waits for it.')),
    planStep('replace-container', 'prepare', 'api', cause('image_changed', 'A newer image.')),
    planStep('create-container', 'prepare', 'worker', cause('scale', 'Three are wanted.')),
    planStep('start-container', 'initialise', 'queue', cause('not_running', 'It is not running.')),
    planStep('remove-container', 'stop', 'old-search', cause('orphan', 'Not described any more.')),
  ],
  destroys: { volumes: [], images: [] },
};

export const SHOP_DOWN: PlanView = {
  direction: 'down',
  steps: [],
  services: ['proxy', 'web', 'api', 'worker', 'migrate', 'db', 'cache', 'queue', 'old-search'].map(
    (service) => ({
      service,
      action: 'remove',
      causes: [cause('requested', 'You asked for it.')],
      replicas: { from: service === 'worker' ? 3 : 1, to: 0 },
      downtime: 'stopped',
    }),
  ),
  destroys: { volumes: [], images: [] },
};

const runStep = (
  base: PlanView['steps'][number],
  status: RunStep['status'],
  spans: readonly (readonly [RunStep['spans'][number]['phase'], number, number?])[],
  start: number,
  more: Partial<RunStep> = {},
): RunStep => ({
  ...base,
  status,
  spans: spans.map(([phase, from, to]) => ({
    phase,
    startedAt: start + from * 1000,
    ...(to === undefined ? {} : { endedAt: start + to * 1000 }),
  })),
  output: [],
  ...more,
});

/** The update of web turned out bad: what ran before runs again. */
export function rolledBackRun(start: number): RunRecord {
  const error = {
    code: 'update.rolled_back' as const,
    message: 'The new web was not healthy within 30 s; what ran before runs again.',
    params: { service: 'web' },
  };
  return {
    id: 'run-61',
    kind: 'up',
    engine: 'docker',
    origin: 'panel',
    startedAt: start,
    endedAt: start + 41_300,
    outcome: 'failed',
    rolledBack: ['web'],
    error,
    steps: SHOP_PLAN.steps.slice(0, 7).map((base) => {
      if (base.id === 'replace-container:web')
        return runStep(
          base,
          'failed',
          [
            ['prepare', 4, 5.2],
            ['initialise', 5.2, 9],
            ['health', 9, 39],
            ['stop', 39, 41.3],
          ],
          start,
          {
            error,
            output: [
              'listening on :8081',
              'Error: connect ECONNREFUSED 172.21.0.4:5672',
              '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)',
              'health: GET /healthz 503',
            ],
          },
        );
      if (base.kind === 'pull-image') return runStep(base, 'done', [['image', 0.4, 4]], start);
      if (base.phase === 'prepare') return runStep(base, 'done', [['prepare', 0, 0.4]], start);
      return runStep(base, 'skipped', [], start);
    }),
  };
}

/** Pulling, with layers, while two more operations wait. */
export function pullingRun(start: number): RunRecord {
  return {
    id: 'run-62',
    kind: 'up',
    engine: 'docker',
    origin: 'panel',
    startedAt: start,
    outcome: 'running',
    steps: SHOP_PLAN.steps.map((base) => {
      if (base.kind === 'pull-image')
        return runStep(base, 'running', [['image', 0.4]], start, {
          progress: {
            current: 61 * MIB,
            total: 140 * MIB,
            text: '4/7',
            layers: [
              { id: 'a3ed95cae', status: 'done', current: 28 * MIB, total: 28 * MIB },
              { id: '6b1f0c22d', status: 'done', current: 3 * MIB, total: 3 * MIB },
              { id: '09f3e1ac7', status: 'extracting', current: 9 * MIB, total: 14 * MIB },
              { id: 'c81b70de4', status: 'downloading', current: 21 * MIB, total: 74 * MIB },
              { id: '5f2a9917b', status: 'waiting' },
            ],
          },
        });
      if (base.kind === 'create-network' || base.kind === 'create-volume')
        return runStep(base, 'done', [['prepare', 0, 0.3]], start);
      return runStep(base, 'waiting', [], start);
    }),
  };
}

/** A project of any kind with everything that a service can be. */
export function shopSnapshot(now: number): StackSnapshot {
  return {
    seq: 1,
    project: {
      id: 'p-shop',
      name: 'shop',
      workspace: '/home/lin/src/shop',
      configFiles: ['compose.yaml', 'compose.override.yaml'],
      warnings: [
        { kind: 'unset_variable', text: 'SHOP_RELEASE', places: ['compose.yaml:17', 'compose.yaml:58'] },
      ],
      profiles: [
        { name: 'debug', active: false },
        { name: 'workers', active: true },
      ],
    },
    engine: {
      kind: 'connected',
      engine: 'docker',
      context: 'default',
      version: '27.3.1',
      apiVersion: '1.47',
    },
    state: 'degraded',
    services: shopRows(now).map(toService),
    networks: [{ name: 'shop_default', subnet: '172.21.0.0/16', exists: true }],
    endpoints: [],
    plan: SHOP_PLAN,
    run: rolledBackRun(now - 120_000),
  };
}
