import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.ts';

const run = promisify(execFile);

/** What the file of the test's project says. */
export interface ProjectFile {
  readonly greeting: string;
  /** The health check of the new container fails. */
  readonly isBroken?: boolean;
}

/** An ordinary compose project in a folder of its own: a web server, a worker that waits for it, a volume. */
export interface ComposeProject {
  readonly name: string;
  readonly folder: string;
  write(file: ProjectFile): Promise<void>;
  /** Ids of the containers that exist, by service. */
  containers(service?: string): Promise<string[]>;
  greeting(): Promise<string | undefined>;
}

export async function createComposeProject(root: string): Promise<ComposeProject> {
  const name = `sd-any-${randomBytes(3).toString('hex')}`;
  const folder = path.join(root, name);
  const [port = 0] = await freePorts(1);
  await mkdir(folder);
  const containers = async (service?: string) => {
    const filters = [
      `label=com.docker.compose.project=${name}`,
      ...(service === undefined ? [] : [`label=com.docker.compose.service=${service}`]),
    ];
    const { stdout } = await run('docker', [
      'ps',
      '-aq',
      '--no-trunc',
      ...filters.flatMap((filter) => ['--filter', filter]),
    ]);
    return stdout.split('\n').filter(Boolean).sort();
  };
  return {
    name,
    folder,
    containers,
    write: (file) => writeFile(path.join(folder, 'compose.yaml'), toYaml(name, port, file)),
    async greeting() {
      const [id = ''] = await containers('web');
      const { stdout } = await run('docker', ['inspect', '--format', '{{json .Config.Env}}', id]);
      const environment: string[] = JSON.parse(stdout);
      return environment.find((entry) => entry.startsWith('GREETING='))?.slice('GREETING='.length);
    },
  };
}

function toYaml(name: string, port: number, { greeting, isBroken = false }: ProjectFile): string {
  return `name: ${name}
services:
  web:
    image: nginx:1.28
    ports:
      - "127.0.0.1:${port}:80"
    environment:
      GREETING: ${greeting}
      BROKEN: "${isBroken ? 'yes' : 'no'}"
    volumes:
      - pages:/srv/pages
    healthcheck:
      test: ["CMD-SHELL", "echo greeting is $$GREETING; test $$BROKEN = no"]
      interval: 1s
      retries: 2
  worker:
    image: debian:bookworm-slim
    command: [sh, -c, "echo the worker is ready; exec sleep infinity"]
    init: true
    depends_on:
      web:
        condition: service_healthy
volumes:
  pages:
`;
}
