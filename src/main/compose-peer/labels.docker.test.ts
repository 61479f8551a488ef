import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { systemPorts } from '../doctor/system-ports.ts';
import { DockerEngine } from '../engine/docker/docker-engine.ts';
import { EngineHub } from '../stack/engine-hub.ts';
import { folderSource } from '../stack/folder-source.ts';
import { StackService } from '../stack/stack-service.ts';
import { findCompose, NEEDS_COMPOSE, runCompose } from './find-compose.ts';

const compose = await findCompose();

const FILE = `services:
  web:
    image: debian:bookworm-slim
    command: ["sleep", "600"]
    init: true
    network_mode: none
    build: { context: ., dockerfile_inline: "FROM debian:bookworm-slim" }
    pull_policy: missing
    depends_on: { db: { condition: service_started, restart: true } }
    labels: { own: "\${A}" }
  db: { image: "debian:bookworm-slim", command: sleep 600, init: true, network_mode: none }
`;

test.skipIf(compose === undefined)(
  'our containers carry all of the labels of docker compose, with the same values',
  {
    timeout: 60_000,
    ...NEEDS_COMPOSE,
  },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'skilldeck-labels-'));
    const name = `sdlabels-${randomBytes(4).toString('hex')}`;
    const envFiles = ['one.env', 'two.env'];
    const args = ['-p', name, ...envFiles.flatMap((file) => ['--env-file', file])];
    const hub = new EngineHub({ engine: new DockerEngine() });
    const stateDirectory = join(directory, 'state');
    const stack = new StackService({
      hub,
      source: folderSource({ directory, processEnv: {}, projectName: name, envFiles, stateDirectory }),
      lockDirectory: join(stateDirectory, 'locks'),
      ports: systemPorts,
    });
    try {
      await writeFile(join(directory, 'compose.yaml'), FILE);
      await writeFile(join(directory, 'one.env'), 'A=1\n');
      await writeFile(join(directory, 'two.env'), 'A=$A$A\n');
      await runCompose(compose ?? '', directory, [...args, 'create']);
      const theirs = await labels(name);
      await runCompose(compose ?? '', directory, [...args, 'down']);
      await stack.open();
      await stack.reloadProject();
      await hub.ready(AbortSignal.timeout(20_000));
      await stack.finished(stack.start({}).operationId);
      const ours = await labels(name);
      expect(Object.keys(theirs)).toEqual(['db', 'web']);
      expect(ours).toMatchObject(theirs);
    } finally {
      await runCompose(compose ?? '', directory, [...args, 'down', '-t', '0']);
      await stack.dispose();
      await hub.dispose();
      await rm(directory, { recursive: true, force: true });
    }
  },
);

/** By service. */
async function labels(project: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim();
  const ids = await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`);
  const found = JSON.parse(await docker('inspect', ...ids.split('\n'))) as {
    readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  }[];
  const entries = found.map(({ Config: { Labels } }) => {
    // Whoever made it: ours is the version whose hashes we compute.
    const { 'com.docker.compose.version': _version, ...labels } = Labels;
    return [labels['com.docker.compose.service'], labels];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
