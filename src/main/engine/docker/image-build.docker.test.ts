import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import { LABEL } from '../../plan/labels.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { packContext } from './build-context.ts';
import { hashBuild } from './build-hash.ts';
import { buildProject } from './build-test-project.ts';
import type { Connection } from './connect.ts';
import { connectForTest, ensureTestImage, removeTestImage, TEST_IMAGE } from './docker-test-bed.ts';
import { startFakeRegistry } from './fake-registry.ts';
import { readHostFacts } from './host-facts.ts';
import { buildImage } from './image-build.ts';
import { RegistryCredentials } from './registry-credentials.ts';

/** In every build of this file, so that what it leaves in the engine can be told from what others do. */
const RUN_ID = `sdbuild${randomBytes(6).toString('hex')}`;
const never = new AbortController().signal;
let connection: Connection;
let folder = '';
let tags: string[] = [];

beforeAll(async () => {
  connection = await connectForTest();
  await ensureTestImage(connection);
});
afterAll(async () => {
  await removeLeftovers();
  await removeTestImage(connection);
  connection.api.dispose();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-build-'));
});
afterEach(async () => {
  for (const tag of tags)
    await connection.api.json({
      method: 'DELETE',
      path: `/images/${tag}`,
      query: { force: true },
      accept: [404],
    });
  tags = [];
  await rm(folder, { recursive: true, force: true });
});

/** Untagged images: steps of the classic builder, and builds whose tag went to the next one. */
async function removeLeftovers(): Promise<void> {
  const { api } = connection;
  const query = { filters: { dangling: ['true'] } };
  for (const { Id } of await api.json<{ Id: string }[]>({ path: '/images/json', query })) {
    const history = await api.json<unknown>({ path: `/images/${Id}/history`, accept: [404] });
    if (JSON.stringify(history).includes(RUN_ID))
      await api.json({ method: 'DELETE', path: `/images/${Id}`, accept: [404, 409] });
  }
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

interface Built {
  readonly output: readonly string[];
  readonly reported: readonly OperationProgress[];
  readonly image: string;
  readonly project: Project;
}

interface BuildOptions {
  readonly others?: Readonly<Record<string, BuildDefinition>>;
  readonly extra?: Partial<Project>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: OperationProgress) => void;
  readonly service?: 'web' | 'base';
  readonly credentials?: RegistryCredentials;
}

async function build(definition: BuildDefinition, options: BuildOptions = {}): Promise<Built> {
  const { others, extra, signal = never, onProgress, service = 'web', credentials } = options;
  const project = buildProject({ context: folder, ...definition }, others, extra);
  const image = project.services[service]?.image ?? '';
  tags.push(image, ...(definition.tags ?? []));
  const reported: OperationProgress[] = [];
  await buildImage(connection.api, {
    project,
    service: project.services[service] as (typeof project.services)['web'],
    apiVersion: connection.apiVersion,
    ...(credentials ? { credentials } : {}),
    signal,
    report: (progress) => {
      reported.push(progress);
      onProgress?.(progress);
    },
  });
  return { output: reported.flatMap(({ output }) => output ?? []), reported, image, project };
}

interface InspectedImage {
  readonly Config: { readonly Labels?: Record<string, string>; readonly Env?: readonly string[] };
}
const inspect = (image: string) => connection.api.json<InspectedImage>({ path: `/images/${image}/json` });
/** A text that no earlier build has seen, so that the cache does not answer. */
const fresh = () => `${RUN_ID}-${randomBytes(6).toString('hex')}`;
const withoutBuildKit = { extra: { variables: { DOCKER_BUILDKIT: '0' } } };

describe.each([
  ['BuildKit', {}],
  ['the classic builder', withoutBuildKit],
] as const)('buildImage with %s', { timeout: 60_000 }, (_name, options: BuildOptions) => {
  it('builds with arguments, target, labels and tags, tells steps and phases', async () => {
    await write({
      Dockerfile: `FROM ${TEST_IMAGE} AS first\nARG WHO\nARG FROM_ENV\nENV WHO=$WHO-$FROM_ENV\nCOPY note /note\nRUN echo npm ci; echo ${fresh()}; cat /note\nFROM first AS second\nENV SECOND=1\n`,
      note: 'grüezi\n',
    });
    const { output, reported, image, project } = await build(
      {
        args: { WHO: 'me', FROM_ENV: null, NOT_SET: null },
        target: 'first',
        labels: { own: 'x' },
        tags: ['skilldeck-test/more:1'],
      },
      { extra: { variables: { FROM_ENV: 'env', ...options.extra?.variables } } },
    );
    expect(output).toContain('grüezi');
    expect(reported.find(({ phase }) => phase === 'dependencies')?.text).toContain('npm ci');
    const { Config } = await inspect(image);
    expect(Config.Env).toContain('WHO=me-env');
    expect(Config.Env).not.toContain('SECOND=1');
    expect(Config.Labels).toMatchObject({
      own: 'x',
      [LABEL.project]: project.name,
      [LABEL.service]: 'web',
      [LABEL.buildHash]: await hashBuild(
        project,
        buildProject({}).services.web && (project.services.web as never),
      ),
    });
    expect((await inspect('skilldeck-test/more:1')).Config.Labels).toEqual(Config.Labels);
  });

  it('sends what .dockerignore leaves, links and modes as they are, and hides nothing of its own in the image', async () => {
    await write({
      '.dockerignore': 'node_modules\n*.log\n!keep.log\n',
      'a/b.txt': 'b',
      'x.log': '',
      'keep.log': '',
      'node_modules/m.js': '',
    });
    await symlink('a/b.txt', join(folder, 'link'));
    await writeFile(join(folder, 'run.sh'), '', { mode: 0o755 });
    const { output } = await build(
      {
        dockerfile_inline: `FROM ${TEST_IMAGE}\nCOPY . /c\nRUN echo ${fresh()}; cd /c; ls -A; cat link; echo; ls -l run.sh\n`,
      },
      options,
    );
    const listed = output.filter((line) => !/^(Step|\[| ?--->|Removing|Successfully|#)/.test(line));
    expect(listed).toEqual(expect.arrayContaining(['a', 'keep.log', 'link', 'run.sh', 'b']));
    expect(listed.join('\n')).not.toMatch(/node_modules|x\.log|dockerfile/i);
    expect(listed.join('\n')).toMatch(/^-rwxr-xr-x.*run\.sh$/m);
  });

  it('takes a Dockerfile from outside of the context and the list beside it', async () => {
    await write({
      'ctx/a': 'A',
      'ctx/b': 'B',
      'files/Dockerfile.web': `FROM ${TEST_IMAGE}\nCOPY . /c\nRUN echo ${fresh()}; ls /c\n`,
      'files/Dockerfile.web.dockerignore': 'b\n',
    });
    const { output } = await build(
      { context: join(folder, 'ctx'), dockerfile: '../files/Dockerfile.web' },
      options,
    );
    expect(output).toContain('a');
    expect(output).not.toContain('b');
  });

  it('fails with the step and its last lines', async () => {
    const word = fresh();
    const failing = build({ dockerfile_inline: `FROM ${TEST_IMAGE}\nRUN echo ${word}; false\n` }, options);
    await expect(failing).rejects.toMatchObject({
      code: 'image.build_failed',
      params: { step: `RUN echo ${word}; false`, output: expect.stringContaining(word) },
    });
    await expect(build({ dockerfile_inline: 'NONSENSE x\n' }, options)).rejects.toMatchObject({
      code: 'image.build_failed',
      params: { reason: expect.stringMatching(/unknown instruction/i) },
    });
  });

  it('stops within a second when it is cancelled', async () => {
    const stop = new AbortController();
    let before = 0;
    const word = fresh();
    const building = build(
      { dockerfile_inline: `FROM ${TEST_IMAGE}\nRUN echo started ${word}; sleep 60\n` },
      {
        ...options,
        signal: stop.signal,
        onProgress: ({ output = '' }) => {
          if (!output.startsWith('started') || before > 0) return;
          before = performance.now();
          stop.abort();
        },
      },
    );
    await expect(building).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('names folders, images and other services for the Dockerfile', async () => {
    await write({
      'extra/file': 'from the folder',
      'extra/.dockerignore': 'not\n',
      'extra/not': '',
      'ctx/mine': '',
      'base/f': 'from the service',
    });
    const others = {
      base: { context: join(folder, 'base'), dockerfile_inline: `FROM ${TEST_IMAGE}\nCOPY f /f\n` },
    };
    await build({}, { ...options, others, service: 'base' });
    const { output } = await build(
      {
        context: join(folder, 'ctx'),
        additional_contexts: {
          extra: join(folder, 'extra'),
          based: 'service:base',
          img: `docker-image://${TEST_IMAGE}`,
        },
        dockerfile_inline: `ARG X=1\nFROM based AS here\nFROM img\nCOPY --from=extra / /e/\nCOPY --from=here /f /f\nCOPY . /c\nRUN echo ${fresh()}; cat /e/file /f; echo; ls /e /c\n`,
      },
      { ...options, others },
    );
    expect(output.join('\n')).toContain('from the folderfrom the service');
    expect(output).toEqual(expect.arrayContaining(['file', 'mine']));
    expect(output).not.toContain('not');
    const left = await connection.api.json<{ RepoTags?: string[] | null }[]>({ path: '/images/json' });
    expect(
      left.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith('skilldeck-context')),
    ).toEqual([]);
  });

  it('builds a context that is a URL', async () => {
    await write({
      Dockerfile: `FROM ${TEST_IMAGE}\nCOPY hello /hello\nRUN echo ${fresh()}; cat /hello\n`,
      hello: 'hello from the web\n',
    });
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/x-tar');
      packContext(folder, { name: 'x', text: '' }, 'x').pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { output } = await build({ context: `http://127.0.0.1:${port}/context.tar` }, options);
    server.close();
    expect(output).toContain('hello from the web');
  });

  it('pulls a base image with the saved login', async () => {
    const login = { username: 'ann', password: 'word' };
    const registry = await startFakeRegistry({ login });
    const auth = Buffer.from('ann:word').toString('base64');
    await write({ 'cli/config.json': JSON.stringify({ auths: { [registry.host]: { auth } } }) });
    const credentials = new RegistryCredentials({
      facts: readHostFacts({ DOCKER_CONFIG: join(folder, 'cli') }),
    });
    const base = `${registry.host}/private/base:1`;
    tags.push(base);
    const dockerfile_inline = `FROM ${base}\nLABEL x=${fresh()}\n`;
    await expect(build({ dockerfile_inline }, options)).rejects.toMatchObject({ code: 'image.pull_failed' });
    await build({ dockerfile_inline }, { ...options, credentials });
    await registry.stop();
  });
});

describe('buildImage with BuildKit alone', { timeout: 60_000 }, () => {
  it('gives secrets of files and variables to the steps that mount them, and to no layer', async () => {
    await write({ token: 'from a file' });
    const { output } = await build(
      {
        secrets: [{ source: 'tok' }, { source: 'env', target: 'named' }],
        dockerfile_inline: `FROM ${TEST_IMAGE}\nRUN --mount=type=secret,id=tok --mount=type=secret,id=named echo ${fresh()}; cat /run/secrets/tok; echo; cat /run/secrets/named; echo\nRUN ls /run/secrets 2>/dev/null || echo nothing left\n`,
      },
      {
        extra: {
          secrets: { tok: { file: join(folder, 'token') }, env: { environment: 'TOKEN' } },
          variables: { TOKEN: 'from a variable' },
        },
      },
    );
    expect(output).toEqual(expect.arrayContaining(['from a file', 'from a variable']));
  });

  it('keeps a cache mount from build to build', async () => {
    const id = fresh();
    const dockerfile = () =>
      `FROM ${TEST_IMAGE}\nRUN --mount=type=cache,id=${id},target=/cache echo ${fresh()}; echo x >> /cache/n; cat /cache/n | tr '\\n' ' '; echo end\n`;
    await build({ dockerfile_inline: dockerfile() });
    expect((await build({ dockerfile_inline: dockerfile() })).output).toContain('x x end');
  });

  it('takes steps from the cache when nothing changed, and again with no_cache', async () => {
    const dockerfile_inline = `FROM ${TEST_IMAGE}\nRUN echo ${fresh()}\n`;
    await build({ dockerfile_inline });
    const cached = (output: readonly string[]) => output.some((line) => /^CACHED .*RUN/.test(line));
    expect(cached((await build({ dockerfile_inline })).output)).toBe(true);
    expect(cached((await build({ dockerfile_inline, no_cache: true })).output)).toBe(false);
  });

  it('sends only changed files the next time', async () => {
    await write({ big: 'x'.repeat(300_000), small: '1' });
    const dockerfile_inline = `FROM ${TEST_IMAGE}\nLABEL x=${fresh()}\nCOPY . /c\n`;
    await build({ dockerfile_inline });
    await write({ small: '2' });
    const { output } = await build({ dockerfile_inline: `${dockerfile_inline}RUN cat /c/small; echo .\n` });
    expect(output).toContain('2.');
  });

  it('lets a step talk to an SSH agent', async () => {
    const path = join(folder, 'agent.sock');
    const heard: string[] = [];
    const agent = createSocketServer((socket) =>
      socket.on('data', (data) => {
        heard.push(data.toString());
        socket.end('pong\n');
      }),
    );
    await new Promise<void>((resolve) => agent.listen(path, resolve));
    const { output } = await build({
      ssh: [`default=${path}`],
      dockerfile_inline: `FROM debian:bookworm-slim\nRUN --mount=type=ssh echo ${fresh()}; perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Peer => $ENV{SSH_AUTH_SOCK}); print $s "ping"; $s->flush; print <$s>'\n`,
    });
    agent.close();
    expect(heard).toEqual(['ping']);
    expect(output).toContain('pong');
  });

  it('builds on a network of its own and with limits by the classic builder, and says so', async () => {
    const { output } = await build({
      shm_size: '33554432',
      ulimits: { nofile: { soft: 77, hard: 88 } },
      extra_hosts: ['somewhere=1.2.3.4'],
      dockerfile_inline: `FROM ${TEST_IMAGE}\nRUN echo ${fresh()}; cat /etc/hosts; grep shm /proc/mounts; cat /proc/self/limits\n`,
    });
    const text = output.join('\n');
    expect(text).toMatch(/1\.2\.3\.4\s+somewhere/);
    expect(text).toMatch(/size=32768k/);
    expect(text).toMatch(/open files\s+77\s+88/i);
    if (connection.apiVersion < '1.42') expect(text).toContain('Built without BuildKit');
  });
});
