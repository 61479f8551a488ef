import type { AppErrorData } from '../../shared/errors/app-error.ts';
import type { PlanStepView, PlanView } from '../../shared/stack/plan-view.ts';
import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import type { ServiceSnapshot, ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';

/** The states in which the harness and the tests show the stack. */
export const SCENARIOS = [
  'running',
  'stopped',
  'starting',
  'failed',
  'port',
  'noengine',
  'sandbox',
  'degraded',
  'broken',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

interface Row {
  readonly name: string;
  readonly role: ServiceSnapshot['role'];
  readonly image: string;
  readonly ports: readonly (readonly [number, number])[];
  readonly dependsOn: readonly string[];
  readonly limits: ServiceSnapshot['limits'];
}

const ROWS: readonly Row[] = [
  {
    name: 'file-manager',
    role: 'file-manager',
    image: 'skilldeck/file-manager:0.1.0',
    ports: [[8081, 8081]],
    dependsOn: [],
    limits: { cpus: 1, memoryBytes: 256 * MIB },
  },
  {
    name: 'ai-gateway',
    role: 'gateway',
    image: 'skilldeck/ai-gateway:0.1.0',
    ports: [[8080, 8080]],
    dependsOn: ['file-manager'],
    limits: { cpus: 2, memoryBytes: 4 * GIB },
  },
  {
    name: 'reverse-proxy',
    role: 'proxy',
    image: 'nginx:1.27-alpine',
    ports: [
      [8443, 8443],
      [8088, 8080],
    ],
    dependsOn: ['ai-gateway', 'file-manager'],
    limits: { memoryBytes: 128 * MIB },
  },
];

const IDS: Readonly<Record<string, string>> = {
  'file-manager': '4f1c9be02a7d',
  'ai-gateway': 'b83d10e6f4c2',
  'reverse-proxy': '91a7c35d08ee',
};

function services(stateOf: (name: string) => ServiceState, sandbox = false): ServiceSnapshot[] {
  return ROWS.map((row) => {
    const state = sandbox && row.role === 'proxy' ? ({ kind: 'absent' } as const) : stateOf(row.name);
    const isUp = !['absent', 'stopped', 'created'].includes(state.kind);
    return {
      name: row.name,
      role: row.role,
      image: sandbox ? `node ${row.name}/dist/server.js` : row.image,
      state,
      instances: isUp
        ? [
            sandbox
              ? { id: row.name === 'ai-gateway' ? '48211' : '48190', name: row.name }
              : { id: IDS[row.name] ?? '', name: `skilldeck-${row.name}-1` },
          ]
        : [],
      ports: isUp
        ? row.ports.map(([hostPort, containerPort]) => ({
            hostIp: '127.0.0.1',
            hostPort,
            containerPort,
            protocol: 'tcp' as const,
          }))
        : [],
      dependsOn: [...row.dependsOn],
      available: !(sandbox && row.role === 'proxy'),
      limits: row.limits,
      orphan: false,
    };
  });
}

const step = (
  kind: PlanStepView['kind'],
  phase: PlanStepView['phase'],
  target: string,
  cause: PlanStepView['cause'],
  dependsOn: string[] = [],
): PlanStepView => ({
  id: `${kind}:${target}`,
  kind,
  phase,
  target,
  ...(kind.includes('network') || kind.includes('volume') ? {} : { service: target }),
  cause,
  dependsOn,
});

export const UP_PLAN: PlanView = {
  direction: 'up',
  steps: [
    step('create-network', 'prepare', 'skilldeck_default', {
      kind: 'missing',
      params: { target: 'skilldeck_default' },
      text: 'The network does not exist.',
    }),
    step('build-image', 'image', 'file-manager', {
      kind: 'image_missing',
      params: { image: 'skilldeck/file-manager:0.1.0' },
      text: 'The image does not exist here.',
    }),
    step('build-image', 'image', 'ai-gateway', {
      kind: 'build_context_changed',
      params: { image: 'skilldeck/ai-gateway:0.1.0' },
      text: 'Files of the build changed.',
    }),
    step('pull-image', 'image', 'reverse-proxy', {
      kind: 'image_missing',
      params: { image: 'nginx:1.27-alpine' },
      text: 'The image does not exist here.',
    }),
    ...['file-manager', 'ai-gateway', 'reverse-proxy'].flatMap((name) => [
      step('create-container', 'prepare', name, {
        kind: 'missing',
        params: { target: name },
        text: 'The container does not exist.',
      }),
      step('start-container', 'initialise', name, {
        kind: 'not_running',
        params: {},
        text: 'It is not running.',
      }),
      step('wait-container', 'health', name, {
        kind: 'dependency',
        params: { service: name },
        text: 'Others wait until it is healthy.',
      }),
    ]),
  ],
};

type Span = readonly [phase: RunStep['spans'][number]['phase'], from: number, to?: number];

const runStep = (
  base: PlanStepView | undefined,
  status: RunStep['status'],
  spans: readonly Span[],
  start: number,
  more: Partial<RunStep> = {},
): RunStep => ({
  ...(base ?? step('start-container', 'initialise', 'unknown', { kind: 'requested', params: {}, text: '' })),
  status,
  spans: spans.map(([phase, from, to]) => ({
    phase,
    startedAt: start + from * 1000,
    ...(to === undefined ? {} : { endedAt: start + to * 1000 }),
  })),
  output: [],
  ...more,
});

const planned = (id: string) => UP_PLAN.steps.find((candidate) => candidate.id === id);

/** A start over containers: images, then each service when what it needs is healthy. */
export function upRun(start: number): RunRecord {
  return {
    id: 'run-42',
    kind: 'up',
    engine: 'docker',
    startedAt: start,
    endedAt: start + 48_200,
    outcome: 'done',
    steps: [
      runStep(planned('create-network:skilldeck_default'), 'done', [['prepare', 0, 0.3]], start),
      runStep(
        planned('build-image:file-manager'),
        'done',
        [
          ['image', 0.3, 9],
          ['dependencies', 9, 13],
        ],
        start,
      ),
      runStep(planned('create-container:file-manager'), 'done', [['prepare', 13, 13.6]], start),
      runStep(planned('start-container:file-manager'), 'done', [['initialise', 13.6, 14.9]], start),
      runStep(planned('wait-container:file-manager'), 'done', [['health', 14.9, 17.1]], start),
      runStep(
        planned('build-image:ai-gateway'),
        'done',
        [
          ['image', 0.3, 12],
          ['dependencies', 12, 34],
        ],
        start,
      ),
      runStep(planned('create-container:ai-gateway'), 'done', [['prepare', 34, 34.6]], start),
      runStep(planned('start-container:ai-gateway'), 'done', [['initialise', 34.6, 37.9]], start),
      runStep(planned('wait-container:ai-gateway'), 'done', [['health', 37.9, 41.6]], start),
      runStep(planned('pull-image:reverse-proxy'), 'done', [['image', 0.3, 5.8]], start),
      runStep(planned('create-container:reverse-proxy'), 'done', [['prepare', 41.7, 42.4]], start),
      runStep(planned('start-container:reverse-proxy'), 'done', [['initialise', 42.4, 44]], start),
      runStep(planned('wait-container:reverse-proxy'), 'done', [['health', 44, 48.2]], start),
    ],
  };
}

function startingRun(start: number): RunRecord {
  const progress = { current: 7, total: 12, text: 'Step 7/12 : RUN npm ci --omit=dev' };
  return {
    id: 'run-43',
    kind: 'up',
    engine: 'docker',
    startedAt: start,
    outcome: 'running',
    steps: UP_PLAN.steps.map((base) => {
      if (base.id === 'create-network:skilldeck_default')
        return runStep(base, 'done', [['prepare', 0, 0.3]], start);
      if (base.id === 'build-image:file-manager')
        return runStep(
          base,
          'done',
          [
            ['image', 0.3, 7],
            ['dependencies', 7, 11],
          ],
          start,
        );
      if (base.id === 'build-image:ai-gateway')
        return runStep(
          base,
          'running',
          [
            ['image', 0.3, 9],
            ['dependencies', 9],
          ],
          start,
          { progress },
        );
      if (base.id === 'pull-image:reverse-proxy')
        return runStep(base, 'running', [['image', 0.3]], start, {
          progress: { current: 38 * MIB, total: 51 * MIB, text: '6 of 8 layers' },
        });
      if (base.id === 'create-container:file-manager')
        return runStep(base, 'done', [['prepare', 11, 11.4]], start);
      if (base.id === 'start-container:file-manager')
        return runStep(base, 'done', [['initialise', 11.4, 12]], start);
      if (base.id === 'wait-container:file-manager') return runStep(base, 'running', [['health', 12]], start);
      return runStep(base, 'waiting', [], start);
    }),
  };
}

const BUILD_FAILED: AppErrorData = {
  code: 'image.build_failed',
  message: 'The build of ai-gateway ended with code 1 at “RUN npm ci --omit=dev”.',
  hint: 'A download failed.',
  params: { service: 'ai-gateway' },
};

export const PORT_IN_USE: AppErrorData = {
  code: 'port.in_use',
  message: 'Port 8080 is used by nginx (pid 123).',
  params: { port: 8080, owner: 'nginx', pid: 123 },
};

function failedRun(start: number, error: AppErrorData, failedId: string, output: string[]): RunRecord {
  return {
    id: 'run-44',
    kind: 'up',
    engine: 'docker',
    startedAt: start,
    endedAt: start + 21_400,
    outcome: 'failed',
    error,
    steps: UP_PLAN.steps.map((base) => {
      if (base.id === failedId)
        return runStep(
          base,
          'failed',
          [
            ['image', 0.3, 9],
            ['dependencies', 9, 21.4],
          ],
          start,
          { error, output },
        );
      if (base.id === 'create-network:skilldeck_default')
        return runStep(base, 'done', [['prepare', 0, 0.3]], start);
      if (base.service === 'file-manager' && base.kind === 'build-image')
        return runStep(
          base,
          'done',
          [
            ['image', 0.3, 7],
            ['dependencies', 7, 11],
          ],
          start,
        );
      if (base.id === 'pull-image:reverse-proxy') return runStep(base, 'done', [['image', 0.3, 5.8]], start);
      return runStep(base, 'skipped', [], start);
    }),
  };
}

const NPM_OUTPUT = [
  'Step 7/12 : RUN npm ci --omit=dev',
  ' ---> Running in 1f0c7d9a2b44',
  'npm error code ETIMEDOUT',
  'npm error network request to the registry failed, reason: connect ETIMEDOUT',
  'npm error network If you are behind a proxy, please make sure that the proxy config is set properly.',
  'The command "/bin/sh -c npm ci --omit=dev" returned a non-zero code: 1',
];

const ENDPOINTS: StackSnapshot['endpoints'] = [
  { id: 'gateway-tls', url: 'https://127.0.0.1:8443/v1' },
  { id: 'gateway', url: 'http://127.0.0.1:8080/v1' },
  { id: 'file-manager-tls', url: 'https://127.0.0.1:8443/' },
  { id: 'file-manager', url: 'http://127.0.0.1:8081/' },
];

/** A believable stack in one of its states; times hang on `now`. */
export function sampleSnapshot(scenario: Scenario, now: number): StackSnapshot {
  const base: StackSnapshot = {
    seq: 1,
    project: { name: 'skilldeck', workspace: '/home/lin/Skilldeck' },
    engine: {
      kind: 'connected',
      engine: 'docker',
      context: 'default',
      version: '27.3.1',
      apiVersion: '1.47',
    },
    state: 'running',
    services: services(() => ({ kind: 'healthy', since: now - 8_052_000 })),
    networks: [{ name: 'skilldeck_default', subnet: '172.20.0.0/16', exists: true }],
    endpoints: ENDPOINTS,
    plan: { direction: 'up', steps: [] },
    run: upRun(now - 8_100_000),
  };
  const down = {
    services: services(() => ({ kind: 'absent' })),
    endpoints: [],
    plan: UP_PLAN,
    networks: [{ name: 'skilldeck_default', subnet: '172.20.0.0/16', exists: false }],
  };
  const { run: _run, ...withoutRun } = base;
  switch (scenario) {
    case 'running':
      return base;
    case 'stopped':
      return { ...withoutRun, ...down, state: 'stopped' };
    case 'starting':
      return {
        ...base,
        ...down,
        state: 'starting',
        run: startingRun(now - 16_000),
        services: services((name) =>
          name === 'file-manager' ? { kind: 'starting', since: now - 4000 } : { kind: 'absent' },
        ),
      };
    case 'failed':
      return {
        ...base,
        ...down,
        state: 'failed',
        run: failedRun(now - 95_000, BUILD_FAILED, 'build-image:ai-gateway', NPM_OUTPUT),
      };
    case 'port':
      return {
        ...base,
        ...down,
        state: 'failed',
        run: failedRun(now - 95_000, PORT_IN_USE, 'start-container:ai-gateway', []),
      };
    case 'degraded':
      return {
        ...base,
        state: 'degraded',
        services: services((name) =>
          name === 'ai-gateway'
            ? {
                kind: 'unhealthy',
                since: now - 40_000,
                output:
                  'GET http://127.0.0.1:8080/healthz\nHTTP 503 {"error":{"message":"The model is still loading.","type":"server_error","param":null,"code":"model_loading"}}',
              }
            : { kind: 'healthy', since: now - 8_052_000 },
        ),
      };
    case 'noengine':
      return {
        ...withoutRun,
        ...down,
        state: 'unknown',
        services: [],
        engine: {
          kind: 'unavailable',
          engine: 'docker',
          error: {
            code: 'engine.permission_denied',
            message: 'The socket /var/run/docker.sock may not be opened: permission denied.',
            params: {},
          },
        },
      };
    case 'sandbox': {
      const run = upRun(now - 300_000);
      return {
        ...base,
        engine: { kind: 'connected', engine: 'sandbox', context: 'local', version: '0.1.0' },
        services: services(() => ({ kind: 'healthy', since: now - 290_000 }), true),
        networks: [],
        endpoints: ENDPOINTS.filter((endpoint) => !endpoint.id.endsWith('-tls')),
        run: {
          ...run,
          engine: 'sandbox',
          endedAt: run.startedAt + 2_100,
          steps: run.steps
            .filter(
              (candidate) =>
                ['start-container', 'wait-container'].includes(candidate.kind) &&
                candidate.service !== 'reverse-proxy',
            )
            .map((candidate, index) => ({
              ...candidate,
              spans: [
                {
                  phase: candidate.phase,
                  startedAt: run.startedAt + index * 500,
                  endedAt: run.startedAt + index * 500 + 520,
                },
              ],
            })),
        },
      };
    }
    case 'broken': {
      const { plan: _plan, ...unplanned } = { ...withoutRun, ...down };
      return {
        ...unplanned,
        state: 'stopped',
        services: [],
        projectError: {
          code: 'compose.unknown_key',
          message: 'compose.override.yaml:7: “services.ai-gateway.privileged” is not supported.',
          params: { file: 'compose.override.yaml', line: 7 },
        },
      };
    }
  }
}
