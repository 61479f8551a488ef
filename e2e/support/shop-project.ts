import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.ts';

const run = promisify(execFile);

/** What the files of the shop say. */
export interface ShopFiles {
  /** Other settings of `web` (one of them secret), one service less. */
  readonly isChanged?: boolean;
  /** The new `api` says that it cannot reach its queue, and never gets healthy. */
  readonly isBroken?: boolean;
  /** The image of `web` is a list. */
  readonly isMistaken?: boolean;
  /** `db` asks for what only Windows has. */
  readonly isUnsupported?: boolean;
}

/** A project of twelve services as a small team has one, of images that every test machine has. */
export interface ShopProject {
  readonly name: string;
  readonly folder: string;
  write(files?: ShopFiles): Promise<void>;
  /** Does this to a container behind the panel's back. */
  docker(...args: string[]): Promise<void>;
  container(service: string): string;
}

export async function createShopProject(root: string): Promise<ShopProject> {
  const name = `shop-${randomBytes(3).toString('hex')}`;
  const folder = path.join(root, name);
  const [https = 0, http = 0] = await freePorts(2);
  await mkdir(folder);
  return {
    name,
    folder,
    async write(files = {}) {
      await writeFile(path.join(folder, 'compose.yaml'), toYaml(name, { https, http }, files));
      const override = path.join(folder, 'compose.override.yaml');
      if (files.isUnsupported) await writeFile(override, UNSUPPORTED);
      else await rm(override, { force: true });
    },
    async docker(...args) {
      await run('docker', args);
    },
    container: (service) => `${name}-${service}-1`,
  };
}

const UNSUPPORTED = `services:
  db:
    credential_spec:
      file: credential.json
`;

function toYaml(name: string, ports: { readonly https: number; readonly http: number }, files: ShopFiles) {
  const { isChanged = false, isBroken = false, isMistaken = false } = files;
  return `name: ${name}

x-idle: &idle
  image: debian:bookworm-slim
  init: true
  stop_grace_period: 1s

services:
  proxy:
    image: nginx:1.28
    ports: ["127.0.0.1:${ports.https}:443", "127.0.0.1:${ports.http}:80"]
    depends_on: [web, api]
  web:
    image: ${isMistaken ? '[nginx, "1.28"]' : 'nginx:1.28'}
    environment:
      PORT: "${isChanged ? 8081 : 8080}"
      RELEASE: \${SHOP_RELEASE}
      SESSION_SECRET: ${isChanged ? 'nine-red-lanterns' : 'seven-blue-boats'}
    labels: { com.example.team: checkout }
${isChanged ? '    mem_limit: 256m\n' : ''}    depends_on:
      api: { condition: service_healthy }
  api:
    <<: *idle
    command: [sh, -c, "touch /tmp/ready; echo listening on 9000; exec sleep infinity"]
    environment:
      QUEUE: "${isBroken ? 'amqp://queue:5673' : 'amqp://queue:5672'}"
    healthcheck:
      test: ["CMD-SHELL", "test -e /tmp/ready && test $$QUEUE = amqp://queue:5672 || { echo 503: $$QUEUE does not answer; exit 1; }"]
      interval: 1s
      retries: 2
    depends_on:
      db: { condition: service_healthy }
      queue: { condition: service_started }
      migrate: { condition: service_completed_successfully }
  worker:
    <<: *idle
    command: [sleep, infinity]
    deploy: { replicas: 2 }
    depends_on: [db, queue]
  migrate:
    <<: *idle
    command: [sh, -c, "echo 41 migrations applied; sleep 3"]
    depends_on:
      db: { condition: service_healthy }
  db:
    <<: *idle
    command: [sleep, infinity]
    volumes: ["data:/var/lib/db"]
    healthcheck: { test: ["CMD", "true"], interval: 1s }
    cpus: 0.5
    mem_limit: 128m
  cache:
    <<: *idle
    command: [sleep, infinity]
  queue:
    <<: *idle
    command: [sleep, infinity]
    volumes: ["jobs:/var/lib/queue"]
  search:
    <<: *idle
    command: [sleep, infinity]
  mailer:
    <<: *idle
    command: [sh, -c, "touch /tmp/account; echo connected to the queue; while test -e /tmp/account; do sleep 0.2; done; echo 550 sender '$$MAIL_FROM' refused; exit 3"]
    environment:
      MAIL_FROM: \${SHOP_MAIL_FROM}
    depends_on: [queue]
  images:
    <<: *idle
    command: [sleep, infinity]
${
  isChanged
    ? ''
    : `  metrics:
    <<: *idle
    command: [sleep, infinity]
`
}  shell:
    <<: *idle
    command: [sleep, infinity]
    profiles: [debug]

volumes:
  data:
  jobs:
`;
}
