import { describe, expect, it } from 'vitest';
import type { Project } from '../../compose/project.ts';
import { containerSpec } from './container-spec.ts';
import { type TestService, testNetwork, testProject, testService } from './docker-test-bed.ts';

function spec(part: TestService, extra: Partial<Project> = {}, apiVersion = '1.41') {
  const base = testProject({}, extra);
  const project: Project = {
    ...base,
    name: 'demo',
    networks: { default: testNetwork('demo'), ...extra.networks },
  };
  const service = testService('web', part);
  return containerSpec({ project, service, number: 2, imageId: 'sha256:aa', apiVersion });
}

describe('containerSpec', () => {
  it('writes every field as the Engine API wants it', () => {
    const { body } = spec(
      {
        image: 'nginx:1.28',
        environment: { A: '1', EMPTY: '' },
        ports: [
          { hostIp: '127.0.0.1', published: 8080, target: 80, protocol: 'tcp' },
          { hostIp: '::1', published: 8080, target: 80, protocol: 'tcp' },
          { hostIp: '', target: 53, protocol: 'udp' },
        ],
        definition: {
          command: ['nginx', '-g', 'daemon off;'],
          entrypoint: [],
          expose: ['9000'],
          user: '1000:1000',
          working_dir: '/srv',
          read_only: true,
          tmpfs: ['/tmp', '/run:size=64m,mode=1777'],
          cap_drop: ['ALL'],
          cap_add: ['NET_BIND_SERVICE'],
          security_opt: ['no-new-privileges:true'],
          init: true,
          stop_signal: 'SIGQUIT',
          extra_hosts: ['host.docker.internal=host-gateway'],
          logging: { options: { 'max-size': '10m' } },
        },
        volumes: [
          { kind: 'bind', source: '/w/data', target: '/data', readOnly: true },
          { kind: 'volume', source: 'models', target: '/models', readOnly: false },
          { kind: 'volume', target: '/scratch', readOnly: false },
          { kind: 'tmpfs', target: '/cache', sizeBytes: 1024 },
        ],
        healthcheck: {
          disabled: false,
          test: ['CMD', 'true'],
          intervalMs: 1500,
          timeoutMs: 100,
          startPeriodMs: 0,
          retries: 4,
        },
        resources: { cpus: 1.5, memoryBytes: 4096, pids: 64 },
        restart: { name: 'on-failure', maximumRetryCount: 5 },
        stopGracePeriodMs: 1500,
        labels: { mine: 'x', 'com.docker.compose.project': 'stolen' },
      },
      {
        volumes: {
          models: {
            key: 'models',
            name: 'demo_models',
            definition: { name: 'demo_models' },
            external: false,
            driverOpts: {},
            labels: {},
          },
        },
      },
    );
    expect(body).toMatchObject({
      Image: 'nginx:1.28',
      Cmd: ['nginx', '-g', 'daemon off;'],
      Entrypoint: [],
      Env: ['A=1', 'EMPTY='],
      User: '1000:1000',
      WorkingDir: '/srv',
      StopSignal: 'SIGQUIT',
      StopTimeout: 2,
      ExposedPorts: { '80/tcp': {}, '53/udp': {}, '9000/tcp': {} },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 1.5e9, Timeout: 1e8, StartPeriod: 0, Retries: 4 },
      Labels: {
        mine: 'x',
        'com.docker.compose.project': 'demo',
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.container-number': '2',
        'com.docker.compose.image': 'sha256:aa',
      },
      HostConfig: {
        NetworkMode: 'demo_default',
        PortBindings: {
          '80/tcp': [
            { HostIp: '127.0.0.1', HostPort: '8080' },
            { HostIp: '::1', HostPort: '8080' },
          ],
          '53/udp': [{ HostIp: '', HostPort: '' }],
        },
        Mounts: [
          { Type: 'bind', Source: '/w/data', Target: '/data', ReadOnly: true },
          { Type: 'volume', Source: 'demo_models', Target: '/models', ReadOnly: false },
          { Type: 'volume', Target: '/scratch', ReadOnly: false },
          { Type: 'tmpfs', Target: '/cache', TmpfsOptions: { SizeBytes: 1024 } },
        ],
        Tmpfs: { '/tmp': '', '/run': 'size=64m,mode=1777' },
        NanoCpus: 1.5e9,
        Memory: 4096,
        PidsLimit: 64,
        ReadonlyRootfs: true,
        CapAdd: ['NET_BIND_SERVICE'],
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        Init: true,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
        ExtraHosts: ['host.docker.internal:host-gateway'],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      },
    });
  });

  it('leaves out what the file does not say, so that the image decides', () => {
    const { body } = spec({});
    for (const field of ['Cmd', 'Entrypoint', 'Healthcheck', 'User', 'ExposedPorts'])
      expect(body).not.toHaveProperty(field);
    expect(body.HostConfig).not.toHaveProperty('Memory');
  });

  it('switches the health check of an image off', () => {
    expect(spec({ healthcheck: { disabled: true } }).body.Healthcheck).toEqual({ Test: ['NONE'] });
  });

  it('names all networks in the create call where the API takes them, else connects the others after', () => {
    const networks = { default: { aliases: ['www'] }, back: { aliases: [], ipv4Address: '10.0.0.9' } };
    const extra = { networks: { back: { ...testNetwork('demo'), key: 'back', name: 'demo_back' } } };
    const first = { Aliases: ['web', 'www'] };
    const second = { Aliases: ['web'], IPAMConfig: { IPv4Address: '10.0.0.9' } };
    const old = spec({ networks }, extra, '1.43');
    expect(old.body.NetworkingConfig).toEqual({ EndpointsConfig: { demo_default: first } });
    expect(old.connectAfter).toEqual({ demo_back: second });
    const current = spec({ networks }, extra, '1.44');
    expect(current.body.NetworkingConfig).toEqual({
      EndpointsConfig: { demo_default: first, demo_back: second },
    });
    expect(current.connectAfter).toEqual({});
  });
});
