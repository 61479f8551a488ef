// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AppError } from '../../shared/errors/app-error.ts';
import { toConfigYaml } from './canonical/to-config-yaml.ts';
import { toConfigJson } from './canonical/to-project.ts';
import { parseEnvFile } from './env-file.ts';
import { interpolate } from './interpolate.ts';
import { loadProject } from './load-project.ts';
import { splitShellWords } from './shell-words.ts';
import { warningText } from './warning-text.ts';

const load = (text: string, env: Record<string, string> = {}, override?: string) =>
  loadProject({
    files: [
      { path: '/w/compose.yaml', text },
      ...(override === undefined ? [] : [{ path: '/w/compose.override.yaml', text: override }]),
    ],
    env,
    workingDir: '/w',
  });

async function faultOf(action: () => unknown): Promise<AppError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('refuses an unknown key with its place', async () => {
  const fault = await faultOf(() => load('services:\n  web:\n    image: x\n    privilegd: true\n'));
  expect(fault).toMatchObject({
    code: 'compose.unknown_key',
    params: { file: '/w/compose.yaml', line: 4, path: 'services.web.privilegd', found: 'privilegd' },
  });
});

test('names each variable that is not set and has no default, with its place', async () => {
  const text = 'services:\n  web:\n    image: ${NAME:-x}:${TAG}\n    command: $$HOME ${SET} ${OTHER-}\n';
  const { warnings } = await load(text, { SET: '' });
  expect(warnings).toMatchObject([
    {
      kind: 'unset_variable',
      variable: 'TAG',
      at: { file: '/w/compose.yaml', line: 3, path: 'services.web.image' },
    },
  ]);
  expect((await load(text, { SET: '', TAG: '1' })).warnings).toBeUndefined();
});

test('names the cycle instead of going round in it', async () => {
  const text =
    'services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [c] }\n  c: { image: x, depends_on: [a] }\n';
  expect(await faultOf(() => load(text))).toMatchObject({
    code: 'compose.dependency_cycle',
    params: { cycle: 'a → b → c → a' },
  });
});

test('merges an override as Compose does', async () => {
  const { web } = (
    await load(
      'services:\n  web:\n    image: a\n    command: one\n    environment: [A=1, B=2]\n    ports: ["80:80"]\n    volumes: ["./x:/data", "./y:/y"]\n',
      {},
      'services:\n  web:\n    command: [two]\n    environment: { B: 3 }\n    ports: ["80:80", "81:81"]\n    volumes: ["./z:/data:ro"]\n',
    )
  ).services;
  expect(web).toMatchObject({
    image: 'a',
    definition: { command: ['two'] },
    environment: { A: '1', B: '3' },
    ports: [
      { published: 80, target: 80 },
      { published: 81, target: 81 },
    ],
    volumes: [
      { source: '/w/z', target: '/data', readOnly: true },
      { source: '/w/y', target: '/y' },
    ],
  });
});

test.each([
  ['$A', '1'],
  ['${A}', '1'],
  ['${NO:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${EMPTY:-d}', 'd'],
  ['${NO:-${A:-x}}', '1'],
  ['${A:+yes}', 'yes'],
  ['${NO+yes}', ''],
  ['$$A', '$A'],
  ['${A:?no}', '1'],
])('fills in %s', (text, expected) => {
  expect(interpolate(text, (name) => ({ A: '1', EMPTY: '' })[name])).toBe(expected);
});

test('a required variable that is unset names itself and the place', async () => {
  expect(
    (await faultOf(() => load('services:\n  web:\n    image: ${TAG:?say which}\n'))).params,
  ).toMatchObject({
    line: 3,
    found: '$TAG unset (say which)',
  });
});

test('reads .env as Compose does and names a broken line', async () => {
  const text = 'A=1 # note\nexport B="x\\n$A"\nC=\'$A\'\nE=\nF="two\nlines"\n';
  expect(parseEnvFile(text, '.env')).toEqual({ A: '1', B: 'x\n1', C: '$A', E: '', F: 'two\nlines' });
  expect(await faultOf(() => parseEnvFile('A=1\nwhat is this\n', '.env'))).toMatchObject({
    code: 'env.invalid',
    params: { line: 2 },
  });
});

test('splits commands as a shell does', async () => {
  expect(splitShellWords(`sh -c "echo 'a b'" x\\ y ''`)).toEqual(['sh', '-c', "echo 'a b'", 'x y', '']);
  expect(splitShellWords('echo "open')).toBeUndefined();
});

test('an alias bomb is refused quickly', async () => {
  const levels = Array.from({ length: 12 }, (_, i) =>
    i === 0
      ? 'x-a0: &a0 [1,1,1,1,1,1,1,1]'
      : `x-a${i}: &a${i} [${Array(8)
          .fill(`*a${i - 1}`)
          .join()}]`,
  );
  expect((await faultOf(() => load(`${levels.join('\n')}\nservices: { web: { image: x } }`))).code).toBe(
    'compose.invalid',
  );
});

const LISTED = `
name: p
services:
  web:
    image: x
    scale: 2
    ports: ["127.0.0.1:8080:80", "9000-9010:90/udp", "70"]
    volumes: ["data:/data:ro", "./here:/here", { type: tmpfs, target: /t, tmpfs: { size: 1k } }, { type: image, source: y, target: /y, image: { subpath: s } }]
    environment: { SET: a$$b, UNSET: }
    healthcheck: { test: probe, interval: 1m30s, start_period: 1d, start_interval: 500ms }
    mem_limit: 1g
    stop_grace_period: 1.5s
    restart: on-failure:3
    pull_policy: every_2h
    networks: { front: { aliases: [www], ipv4_address: 10.0.0.2 } }
    depends_on: { db: { condition: service_healthy, restart: true } }
  db: { image: y, deploy: { replicas: 0, restart_policy: { condition: any }, resources: { limits: { cpus: "0.5" } } } }
  off: { image: z, profiles: [debug] }
networks: { front: { internal: true }, unused: {} }
volumes: { data: { name: own }, unused: {} }
`;

test('interprets what needs it, and leaves out what no active service uses', async () => {
  const project = await load(LISTED);
  expect(project).toMatchObject({
    inactiveServices: ['off'],
    networks: { front: { name: 'p_front', internal: true }, default: { name: 'p_default' } },
    volumes: { data: { key: 'data', name: 'own', external: false } },
  });
  expect(Object.keys({ ...project.networks, ...project.volumes }).sort()).toEqual([
    'data',
    'default',
    'front',
  ]);
  expect(project.services.web).toMatchObject({
    replicas: 2,
    environment: { SET: 'a$b' },
    ports: [
      { hostIp: '127.0.0.1', published: 8080, target: 80, protocol: 'tcp' },
      { hostIp: '', published: 9000, publishedEnd: 9010, target: 90, protocol: 'udp' },
      { hostIp: '', target: 70, protocol: 'tcp' },
    ],
    volumes: [
      { kind: 'volume', source: 'data', target: '/data', readOnly: true },
      { kind: 'bind', source: '/w/here', target: '/here', readOnly: false },
      { kind: 'tmpfs', target: '/t', sizeBytes: 1024 },
      { kind: 'image', source: 'y', subpath: 's', target: '/y', readOnly: true },
    ],
    healthcheck: {
      disabled: false,
      test: ['CMD-SHELL', 'probe'],
      intervalMs: 90_000,
      startPeriodMs: 86_400_000,
      startIntervalMs: 500,
    },
    resources: { memoryBytes: 1024 ** 3 },
    stopGracePeriodMs: 1500,
    restart: { name: 'on-failure', maximumRetryCount: 3 },
    pullPolicy: 'refresh',
    pullEveryMs: 7_200_000,
    networks: { front: { aliases: ['www'], ipv4Address: '10.0.0.2' } },
    dependsOn: { db: { condition: 'service_healthy', restart: true, required: true } },
  });
  expect(project.services.db).toMatchObject({
    replicas: 0,
    resources: { cpus: 0.5 },
    restart: { name: 'always' },
  });
});

test('prints the same as YAML and as JSON, each dollar sign doubled', async () => {
  const project = await load(LISTED);
  expect(parse(toConfigYaml(project))).toEqual(JSON.parse(toConfigJson(project)));
  expect(toConfigJson(project)).toContain('"SET": "a$$b"');
});

test('warns of keys of old, with their places, as Compose does', async () => {
  const text = `version: "3"
services: { a: { image: x, networks: [n], volumes: ["v:/v"] } }
networks: { n: { external: { name: own } } }
volumes: { v: { external: true, name: own } }
`;
  const { warnings = [] } = await load(text);
  expect(warnings.map(({ kind, at: { column, line, path } }) => [kind, line, column, path])).toEqual([
    ['obsolete_version', 1, 10, 'version'],
    ['obsolete_external_name', 3, 36, 'networks.n.external.name'],
  ]);
  expect(warnings.map(warningText)[0]).toBe(
    '/w/compose.yaml:1:10: version: this key is obsolete and ignored; remove it',
  );
});

test('lists what no engine of ours does, with the place, and still loads it', async () => {
  const text = `services:
  a: { image: x, isolation: process, secrets: [s] }
  b: { provider: { type: cloud } }
  c: { image: x, profiles: [off], credential_spec: { file: f } }
  d: { image: x, credential_spec: { file: f }, models: [m], use_api_socket: true }
  e: { image: x, volumes: [{ type: npipe, source: p, target: /p }, { type: cluster, source: v, target: /v }] }
  f: { image: x, use_api_socket: false, volumes: [{ type: image, source: y, target: /y }] }
secrets: { s: { external: true } }
models: { m: { model: ai/x } }
`;
  const { unsupported } = await load(text);
  expect(unsupported?.map(({ at, key }) => [key, at.line, at.path])).toEqual([
    ['isolation', 2, 'services.a.isolation'],
    ['secrets', 2, 'services.a.secrets[0]'],
    ['provider', 3, 'services.b.provider'],
    ['credential_spec', 5, 'services.d.credential_spec'],
    ['models', 5, 'services.d.models'],
    ['use_api_socket', 5, 'services.d.use_api_socket'],
    ['volumes', 6, 'services.e.volumes[0]'],
    ['volumes', 6, 'services.e.volumes[1]'],
  ]);
  expect(unsupported?.map(({ at }) => at.column)).toEqual([29, 48, 18, 35, 56, 77, 28, 68]);
});

test.each([
  ['restart: sometimes', 'services.a.restart'],
  ['restart: always:3', 'services.a.restart'],
  ['healthcheck: { test: x, start_interval: 1s }', 'services.a.healthcheck.start_interval'],
  ['ports: [{ target: 70000 }]', 'services.a.ports[0]'],
  ['ports: [{ target: 80, protocol: foo }]', 'services.a.ports[0]'],
])('refuses %s, which Compose would only find out when it creates the container', async (line, path) => {
  const fault = await faultOf(() => load(`services:\n  a:\n    image: x\n    ${line}\n`));
  expect(fault).toMatchObject({ code: 'compose.invalid', params: { line: 4, path } });
});

const WORDS = [
  'services',
  'web',
  'image',
  'ports',
  'volumes',
  '${A:-',
  '}',
  ': ',
  '\n  ',
  '- ',
  '&a',
  '*a',
  '<<',
  '[',
  '{',
  '"',
  'x',
];
test('whatever the file says, it loads or fails with a coded error', async () => {
  const start = 'services:\n  web:\n    image: x\n    ports: ["80:80"]\n    environment:\n      A: ${B:-c}\n';
  const texts = fc
    .tuple(fc.nat(start.length), fc.nat(20), fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }))
    .map(([at, cut, words]) => start.slice(0, at) + words.join('') + start.slice(at + cut));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      try {
        await load(text);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});
