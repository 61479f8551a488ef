import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCompose, NEEDS_COMPOSE } from '../../compose-peer/find-compose.ts';
import { comparable } from './comparable-inspect.ts';
import { sweepProject } from './docker-test-bed.ts';
import { DockerTestSession } from './docker-test-session.ts';
import { projectFromCanonical } from './project-from-canonical.ts';

const run = promisify(execFile);
const compose = await findCompose();

const NAME = 'sdtest-likecompose';

const FILE = `
name: ${NAME}
services:
  base:
    image: debian:bookworm-slim
    command: sleep 1000
    volumes: [ "/shared" ]
  rich:
    image: debian:bookworm-slim
    command: [ "sleep", "1000" ]
    entrypoint: [ "/usr/bin/env" ]
    environment: { A: "1", EMPTY: "", DOLLAR: "a$$b", UNSET: }
    user: "1000:1000"
    hostname: host
    domainname: example.test
    tty: true
    mac_address: "02:42:0a:d5:33:09"
    stdin_open: true
    working_dir: /srv
    labels: { mine: "x" }
    expose: [ "9000", "9001/udp" ]
    ports: [ "127.0.0.1:18080-18082:80", "127.0.0.1::53/udp", { target: 81, published: "18090", host_ip: 127.0.0.1, protocol: sctp } ]
    volumes:
      - ./bound:/bound:ro,z
      - type: bind
        source: ./bound
        target: /strict
        bind: { create_host_path: false, propagation: rslave }
      - data:/data
      - /anonymous
      - { type: volume, source: data, target: /nocopy, read_only: true, volume: { nocopy: true, labels: { of: mount } } }
      - { type: tmpfs, target: /tmpfs, tmpfs: { size: 1m, mode: 0700 } }
      - outside:/outside
    tmpfs: [ "/run:size=2m", "/tmp" ]
    networks:
      front: { aliases: [ www ], ipv4_address: 10.213.51.9, priority: 5, driver_opts: { a: b } }
      back: { link_local_ips: [ 169.254.8.8 ] }
    extra_hosts: [ "other:10.0.0.1", "gateway=host-gateway" ]
    dns: [ 10.0.0.2 ]
    dns_opt: [ "ndots:2" ]
    dns_search: [ example.test ]
    cap_add: [ NET_ADMIN ]
    cap_drop: [ MKNOD ]
    privileged: true
    security_opt: [ "no-new-privileges:true", "seccomp=./seccomp.json", "systempaths=unconfined" ]
    devices: [ "/dev/null:/dev/mine:r" ]
    device_cgroup_rules: [ "c 1:3 mr" ]
    ulimits: { nproc: 65535, nofile: { soft: 100, hard: 200 } }
    sysctls: { net.core.somaxconn: 1024 }
    shm_size: 32m
    init: true
    read_only: true
    restart: on-failure:3
    stop_signal: SIGQUIT
    stop_grace_period: 3s
    cpus: 0.3
    cpu_shares: 512
    cpuset: "0"
    mem_limit: 64m
    memswap_limit: 128m
    mem_reservation: 32m
    pids_limit: 99
    blkio_config: { weight: 300, device_read_bps: [ { path: /dev/null, rate: 1mb } ] }
    oom_kill_disable: false
    oom_score_adj: 100
    logging: { driver: json-file, options: { max-size: 1m } }
    runtime: runc
    group_add: [ "100" ]
    cgroup_parent: /sdtest
    cgroup: host
    ipc: shareable
    userns_mode: host
    healthcheck: { test: [ "CMD", "true" ], interval: 1m30s, timeout: 5s, retries: 4, start_period: 2s }
    configs: [ { source: app, target: /etc/app.conf }, text ]
    secrets: [ key ]
    links: [ "base:db" ]
    depends_on: [ base ]
  sharing:
    image: debian:bookworm-slim
    network_mode: service:base
    pid: service:base
    ipc: container:nobody
    volumes_from: [ base ]
    deploy:
      resources:
        limits: { cpus: "0.5", memory: 50m, pids: 50 }
        reservations: { memory: 20m }
      restart_policy: { condition: any, max_attempts: 0 }
    depends_on: [ base ]
  plain:
    image: debian:bookworm-slim
    network_mode: none
    healthcheck: { disable: true }
    security_opt: [ "seccomp:unconfined" ]
    gpus: all
    uts: host
networks:
  default: { ipam: { config: [ { subnet: 10.213.52.0/24 } ] } }
  front:
    driver: bridge
    driver_opts: { com.docker.network.bridge.enable_icc: "true" }
    internal: true
    attachable: true
    labels: { net: label }
    ipam:
      driver: default
      config: [ { subnet: 10.213.51.0/24, ip_range: 10.213.51.128/25, gateway: 10.213.51.2, aux_addresses: { spare: 10.213.51.130 } } ]
  back:
    enable_ipv6: true
    ipam: { config: [ { subnet: 10.213.53.0/24 }, { subnet: "fd00:5d:1::/64" } ] }
volumes:
  data: { labels: { vol: label } }
  outside: { driver: local, driver_opts: { type: tmpfs, device: tmpfs, o: size=1m } }
configs:
  app: { file: ./app.conf }
  text: { content: "text" }
secrets:
  key: { file: ./key }
`.replace('ipc: container:nobody\n', 'ipc: shareable\n');

type Json = unknown;
let bed: DockerTestSession;
let folder = '';

/** Containers go by their names, so that references to them can be compared. */
const ids = new Map<string, string>();

async function inspectAll(): Promise<Readonly<Record<string, Json>>> {
  const { api } = bed.connection;
  const all: Record<string, Json> = {};
  const query = { all: true, filters: { label: [`com.docker.compose.project=${NAME}`] } };
  const list = await api.json<readonly { Id: string; Names: readonly string[] }[]>({
    path: '/containers/json',
    query,
  });
  for (const { Id, Names } of list) ids.set(Id, Names[0] ?? '');
  for (const { Id, Names } of list)
    all[`container ${Names[0]}`] = comparable(await api.json({ path: `/containers/${Id}/json` }), ids);
  for (const name of ['default', 'front', 'back'])
    all[`network ${name}`] = comparable(await api.json({ path: `/networks/${NAME}_${name}` }), ids);
  for (const name of ['data', 'outside'])
    all[`volume ${name}`] = comparable(await api.json({ path: `/volumes/${NAME}_${name}` }), ids);
  return all;
}

/** The hash of a service that shares with another contains the other container's id, which is new each time. */
function withoutReferringHash(all: Readonly<Record<string, Json>>): Json {
  return JSON.parse(JSON.stringify(all), (key, value: Json) =>
    key === `container /${NAME}-sharing-1`
      ? JSON.parse(JSON.stringify(value).replace(/("com\.docker\.compose\.config-hash":)"\w+"/, '$1""'))
      : value,
  );
}

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.52.0/24');
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skilldeck-like-')));
  await mkdir(join(folder, 'bound'));
  await writeFile(join(folder, 'compose.yaml'), FILE);
  await writeFile(join(folder, 'app.conf'), 'x');
  await writeFile(join(folder, 'key'), 'x');
  await writeFile(join(folder, 'seccomp.json'), '{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n');
});

afterAll(async () => {
  await sweepProject(bed.connection, NAME);
  await bed.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(compose === undefined)(
  'containers like those of docker compose',
  { timeout: 60_000, ...NEEDS_COMPOSE },
  () => {
    it('makes the same containers, networks and volumes, field by field', async () => {
      const env = { HOME: homedir(), PATH: process.env.PATH ?? '' };
      const call = (...args: string[]) => run(compose ?? '', args, { cwd: folder, env });
      await call('create');
      const theirs = await inspectAll();
      await sweepProject(bed.connection, NAME);
      const { stdout } = await call('config', '--format', 'json');
      const project = projectFromCanonical(JSON.parse(stdout), folder, [join(folder, 'compose.yaml')]);
      const create = async (kind: 'create-network' | 'create-volume', keys: readonly string[]) => {
        for (const key of keys)
          await bed.apply(
            project,
            kind === 'create-network' ? { kind, network: key } : { kind, volume: key },
          );
      };
      await create('create-network', Object.keys(project.networks));
      await create('create-volume', Object.keys(project.volumes));
      for (const service of ['base', 'rich', 'sharing', 'plain'])
        await bed.apply(project, { kind: 'create-container', service, number: 1 });
      expect(withoutReferringHash(await inspectAll())).toEqual(withoutReferringHash(theirs));
    });
  },
);
