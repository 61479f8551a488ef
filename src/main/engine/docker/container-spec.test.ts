import { describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../compose/definition.ts';
import type { Project, Service } from '../../compose/project.ts';
import { type ContainerSpecInput, containerSpec } from './container-spec.ts';
import { testNetwork, testProject, testService, testVolume } from './docker-test-bed.ts';

interface Extra extends Partial<Omit<ContainerSpecInput, 'project' | 'service'>> {
  readonly part?: Partial<Omit<Service, 'definition'>>;
  readonly project?: Partial<Project>;
}

function spec(
  definition: Partial<ServiceDefinition>,
  { part = {}, project: extra = {}, ...input }: Extra = {},
) {
  const networks = { default: testNetwork('demo'), back: testNetwork('demo', '10.213.48.0/24', 'back') };
  const project: Project = { ...testProject({}), name: 'demo', networks, ...extra };
  const service = testService('web', { ...part, definition });
  return containerSpec({
    project,
    service,
    number: 2,
    imageId: 'sha256:aa',
    apiVersion: '1.41',
    ...input,
  });
}

const hostConfig = (definition: Partial<ServiceDefinition>, extra?: Extra) =>
  spec(definition, extra).body.HostConfig as Readonly<Record<string, unknown>>;

describe('containerSpec', () => {
  it('writes what a process is started with', () => {
    const { body, platform } = spec(
      {
        command: ['nginx', '-g', 'daemon off;'],
        entrypoint: [],
        environment: { A: '1', EMPTY: '', UNSET: null },
        expose: ['9000'],
        ports: [{ target: 80, published: '8080-8090', host_ip: '::1', protocol: 'sctp' }, { target: 53 }],
        user: '1000:1000',
        working_dir: '/srv',
        hostname: 'h',
        domainname: 'd',
        tty: true,
        stdin_open: true,
        stop_signal: 'SIGQUIT',
        platform: 'linux/arm64',
      },
      {
        part: {
          image: 'nginx:1.28',
          stopGracePeriodMs: 1500,
          healthcheck: {
            disabled: false,
            test: ['CMD', 'true'],
            intervalMs: 1500,
            timeoutMs: 100,
            retries: 4,
          },
          labels: { mine: 'x', 'com.docker.compose.project': 'stolen' },
        },
      },
    );
    expect(platform).toBe('linux/arm64');
    expect(body).toMatchObject({
      Image: 'nginx:1.28',
      Cmd: ['nginx', '-g', 'daemon off;'],
      Entrypoint: [],
      Env: ['A=1', 'EMPTY=', 'UNSET'],
      User: '1000:1000',
      WorkingDir: '/srv',
      Hostname: 'h',
      Domainname: 'd',
      Tty: true,
      OpenStdin: true,
      StopSignal: 'SIGQUIT',
      StopTimeout: 2,
      ExposedPorts: { '80/sctp': {}, '53/tcp': {}, '9000/tcp': {} },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 1.5e9, Timeout: 1e8, Retries: 4 },
      Labels: {
        mine: 'x',
        'com.docker.compose.project': 'demo',
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.container-number': '2',
        'com.docker.compose.image': 'sha256:aa',
      },
      HostConfig: {
        PortBindings: {
          '80/sctp': [{ HostIp: '::1', HostPort: '8080-8090' }],
          '53/tcp': [{ HostIp: '', HostPort: '' }],
        },
      },
    });
  });

  it('leaves out what the file does not say, so that the image decides', () => {
    const { body } = spec({});
    for (const field of ['Cmd', 'Entrypoint', 'Healthcheck', 'User', 'ExposedPorts'])
      expect(body).not.toHaveProperty(field);
    for (const field of ['Memory', 'RestartPolicy', 'Binds', 'Mounts', 'Devices'])
      expect(body.HostConfig).not.toHaveProperty(field);
  });

  it('switches the health check of an image off', () => {
    expect(spec({}, { part: { healthcheck: { disabled: true } } }).body.Healthcheck).toEqual({
      Test: ['NONE'],
    });
  });

  it('takes limits from deploy before those of the service, and counts CPUs as Compose does', () => {
    expect(hostConfig({ cpus: 0.3, mem_limit: '4096', pids_limit: 7 })).toMatchObject({
      NanoCpus: 300_000_000,
      Memory: 4096,
      PidsLimit: 7,
    });
    const limits = { cpus: '1.5', memory: '8192', pids: 9 };
    const reservations = { memory: '1024', devices: [{ capabilities: ['gpu'], count: -1 }] };
    const deploy = { resources: { limits, reservations }, placement: {} };
    expect(hostConfig({ cpus: 0.3, mem_limit: '4096', deploy, gpus: [{ count: 1 }] })).toMatchObject({
      NanoCpus: 1.5e9,
      Memory: 8192,
      PidsLimit: 9,
      MemoryReservation: 1024,
      DeviceRequests: [
        { Capabilities: [['gpu']], Count: -1 },
        { Capabilities: [['gpu']], Count: 1 },
      ],
    });
  });

  it('tells devices of the host from those of a device interface', () => {
    const name = 'vendor.com/class=one';
    const devices = [
      { source: '/dev/null', target: '/dev/x', permissions: 'r' },
      { source: name, target: name, permissions: 'rwm' },
    ];
    expect(hostConfig({ devices })).toMatchObject({
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: 'r' }],
      DeviceRequests: [{ Driver: 'cdi', DeviceIDs: [name] }],
    });
  });

  it('lets deploy.restart_policy win over restart', () => {
    const deploy = (condition?: string) => ({
      resources: {},
      placement: {},
      restart_policy: { ...(condition === undefined ? {} : { condition }), max_attempts: 3 },
    });
    expect(hostConfig({ restart: 'on-failure:5' }).RestartPolicy).toEqual({
      Name: 'on-failure',
      MaximumRetryCount: 5,
    });
    expect(hostConfig({ restart: 'no', deploy: deploy('any') }).RestartPolicy).toMatchObject({
      Name: 'always',
    });
    expect(hostConfig({ deploy: deploy('none') }).RestartPolicy).toMatchObject({ Name: 'no' });
  });

  it('binds where that says all, and mounts where only that can say it', () => {
    const volumes: ServiceDefinition['volumes'] = [
      { type: 'bind', source: '/w', target: '/w', bind: { create_host_path: true, selinux: 'z' } },
      { type: 'bind', source: '/r', target: '/r', read_only: true, bind: { propagation: 'rslave' } },
      { type: 'volume', source: 'models', target: '/m', read_only: true, volume: {} },
      { type: 'volume', source: 'models', target: '/n', volume: { nocopy: true } },
      { type: 'volume', target: '/scratch', volume: {} },
      { type: 'tmpfs', target: '/cache', tmpfs: { size: '1024', mode: 0o700 } },
    ];
    const project = { volumes: { models: testVolume('demo', 'models') } };
    expect(hostConfig({ volumes, tmpfs: ['/tmp', '/run:size=64m,mode=1777'] }, { project })).toMatchObject({
      Binds: ['/w:/w:rw,z', 'demo_models:/m:ro'],
      Mounts: [
        {
          Type: 'bind',
          Source: '/r',
          Target: '/r',
          ReadOnly: true,
          BindOptions: { Propagation: 'rslave' },
        },
        { Type: 'volume', Source: 'demo_models', Target: '/n', VolumeOptions: { NoCopy: true } },
        { Type: 'volume', Target: '/scratch', VolumeOptions: {} },
        { Type: 'tmpfs', Target: '/cache', TmpfsOptions: { SizeBytes: 1024, Mode: 0o700 } },
      ],
      Tmpfs: { '/tmp': '', '/run': 'size=64m,mode=1777' },
    });
  });

  it('gives anonymous volumes of the old container to the new one in place of fresh ones', () => {
    const volumes: ServiceDefinition['volumes'] = [{ type: 'volume', target: '/a', volume: {} }];
    const inherited = [{ name: 'f'.repeat(64), target: '/a', readOnly: false }];
    const { body } = spec({ volumes }, { inherited, replaces: 'web-2' });
    expect(body.HostConfig).toMatchObject({
      Mounts: [{ Type: 'volume', Source: 'f'.repeat(64), Target: '/a' }],
    });
    expect(body.Labels).toMatchObject({ 'com.docker.compose.replace': 'web-2' });
  });

  it('mounts configs and secrets that are files, and leaves those that are text for the start', () => {
    const project = {
      configs: { app: { file: '/w/app.conf' }, text: { content: 'x' } },
      secrets: { key: { file: '/w/key' } },
    };
    const definition = {
      configs: [{ source: 'app' }, { source: 'text' }],
      secrets: [{ source: 'key', target: 'renamed' }],
    };
    expect(hostConfig(definition, { project }).Mounts).toEqual([
      { Type: 'bind', Source: '/w/key', Target: '/run/secrets/renamed', ReadOnly: true, BindOptions: {} },
      { Type: 'bind', Source: '/w/app.conf', Target: '/app', ReadOnly: true },
    ]);
  });

  it('names all networks in the create call where the API takes them, else connects the others after', () => {
    const networks = {
      default: { aliases: ['www'] },
      back: { ipv4_address: '10.0.0.9', mac_address: '02:42:ac:11:00:02', priority: 10 },
    };
    const first = {
      Aliases: ['demo-web-2', 'web'],
      IPAMConfig: { IPv4Address: '10.0.0.9' },
      MacAddress: '02:42:ac:11:00:02',
    };
    const second = { Aliases: ['demo-web-2', 'web', 'www'] };
    const old = spec({ networks }, { apiVersion: '1.43' });
    expect(old.body.NetworkingConfig).toEqual({ EndpointsConfig: { demo_back: first } });
    expect(old.body.MacAddress).toBe('02:42:ac:11:00:02');
    expect(old.connectAfter).toEqual({ demo_default: second });
    const current = spec({ networks }, { apiVersion: '1.44' });
    expect(current.body.NetworkingConfig).toEqual({
      EndpointsConfig: { demo_back: first, demo_default: second },
    });
    expect(current.body).not.toHaveProperty('MacAddress');
    expect(current.body.HostConfig).toMatchObject({ NetworkMode: 'demo_back' });
  });

  it('says what an older engine cannot be told', () => {
    const networks = { default: { gw_priority: 5 } };
    const part = { healthcheck: { disabled: false, startIntervalMs: 100 } };
    expect(spec({ networks }, { part }).warnings).toHaveLength(2);
    expect(spec({ networks }, { part, apiVersion: '1.48' }).warnings).toEqual([]);
  });

  it('makes a one-off that is not found under the name of its service', () => {
    const oneOff = { name: 'demo-web-run-0a', slug: '0a0a', attachStdin: true, autoRemove: true };
    const { body } = spec({ stdin_open: true }, { oneOff });
    expect(body).toMatchObject({
      AttachStdin: true,
      StdinOnce: true,
      Labels: { 'com.docker.compose.oneoff': 'True', 'com.docker.compose.slug': '0a0a' },
      HostConfig: { AutoRemove: true },
      NetworkingConfig: { EndpointsConfig: { demo_default: { Aliases: ['demo-web-run-0a'] } } },
    });
    expect(body.Labels).not.toHaveProperty('com.docker.compose.container-number');
  });
});
