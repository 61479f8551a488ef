import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Invented; only images that the tests need, too. */
const NAME = 'shop-demo';
const LABEL = `label=com.docker.compose.project=${NAME}`;

/**
 * A compose project for a picture, on the Docker engine of this machine. It is removed by `remove`, its volume too.
 *
 * @param {string} root the folder to make it in
 */
export async function createPictureProject(root) {
  const found = await run('docker', ['ps', '-aq', '--filter', LABEL]);
  if (found.stdout.trim() !== '')
    throw new Error(`There are containers of a project ${NAME}: remove them first.`);
  const folder = path.join(root, NAME);
  await mkdir(folder);
  /** @param {boolean} isChanged */
  const write = (isChanged) => writeFile(path.join(folder, 'compose.yaml'), toYaml(isChanged));
  await write(false);
  return { name: NAME, folder, write, remove };
}

async function remove() {
  for (const [list, drop] of [
    [
      ['ps', '-aq'],
      ['rm', '-f', '-v'],
    ],
    [
      ['network', 'ls', '-q'],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', '-q'],
      ['volume', 'rm'],
    ],
  ]) {
    const { stdout } = await run('docker', [...(list ?? []), '--filter', LABEL]);
    const ids = stdout.split('\n').filter(Boolean);
    if (ids.length > 0) await run('docker', [...(drop ?? []), ...ids]);
  }
}

/** @param {boolean} isChanged */
function toYaml(isChanged) {
  return `name: ${NAME}
x-idle: &idle { image: debian:bookworm-slim, init: true, command: [sleep, infinity] }
services:
  web:
    image: nginx:1.28
    environment:
      PORT: "${isChanged ? 8081 : 8080}"
      SESSION_SECRET: ${isChanged ? 'nine-red-lanterns' : 'seven-blue-boats'}
${isChanged ? '    mem_limit: 256m\n' : ''}    healthcheck: { test: [CMD, "true"], interval: 1s }
    depends_on: [api]
  api:
    <<: *idle
${isChanged ? '    cpus: 0.5\n' : ''}    depends_on: [db, queue]
  worker:
    <<: *idle
    deploy: { replicas: ${isChanged ? 3 : 2} }
    depends_on: [queue]
  db:
    <<: *idle
    volumes: ["data:/var/lib/db"]
  queue: { <<: *idle }
volumes:
  data:
`;
}
