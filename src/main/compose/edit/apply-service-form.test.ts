import { describe, expect, it } from 'vitest';
import type { ServiceFormChange } from '../../../shared/stack/stack-contract.ts';
import { applyServiceForm } from './apply-service-form.ts';

const FILE = `# The stack
x-common: &common
  restart: unless-stopped
  environment: &env
    TZ: UTC

services:
  # The front
  web:
    image: 'nginx:1.28' # pinned
    restart: no
    ports:
      # plain
      - "80:80"
      - 127.0.0.1:8443:443   # tls
      - target: 9000
        published: "9000"
        name: debug
    environment:
      MODE: production
      WORKERS: 4
      GREETING: |
        hello
        world
      EMPTY:
    deploy:
      replicas: 2

  worker:
    <<: *common
    image: worker
    command: ["node",   "a very long line that nobody wants to be wrapped just because another line was changed in this file"]

  list:
    image: list
    environment:
    - A=1
    - B
    - 'C=x y'
# the end
`;

/** The lines that differ, as `-old` and `+new`. */
function difference(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let [start, end] = [0, 0];
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [
    ...a.slice(start, a.length - end).map((line) => `-${line}`),
    ...b.slice(start, b.length - end).map((line) => `+${line}`),
  ];
}

function changed(service: string, ...changes: ServiceFormChange[]): string[] {
  return difference(FILE, applyServiceForm(FILE, service, changes));
}

describe('one scalar', () => {
  it('changes only its bytes and keeps its quotes and its comment', () => {
    expect(changed('web', { field: 'image', value: 'nginx:1.29' })).toEqual([
      "-    image: 'nginx:1.28' # pinned",
      "+    image: 'nginx:1.29' # pinned",
    ]);
  });

  it.each([
    ['no', 'worker', ['+    restart: "no"']],
    ['always', 'web', ['-    restart: no', '+    restart: always']],
  ] as const)('is quoted where YAML would read something else: restart %s', (value, service, lines) => {
    expect(changed(service, { field: 'restart', value })).toEqual(lines);
  });

  it('goes with its line when it is taken away, and with the parents that hold nothing else', () => {
    expect(changed('web', { field: 'replicas' })).toEqual(['-    deploy:', '-      replicas: 2']);
  });

  it('is added below the parents that are there', () => {
    expect(changed('web', { field: 'memory', value: '512M' })).toEqual([
      '+      resources:',
      '+        limits:',
      '+          memory: 512M',
    ]);
  });

  it('is added with its parents at the end of the service, before its blank lines', () => {
    expect(changed('list', { field: 'cpus', value: '0.5' })).toEqual([
      '+    deploy:',
      '+      resources:',
      '+        limits:',
      '+          cpus: "0.5"',
    ]);
  });

  it('overrides what comes out of a merge', () => {
    expect(changed('worker', { field: 'restart', value: 'always' })).toEqual(['+    restart: always']);
  });

  it('changes in both places that say the same', () => {
    const text = 'services:\n  a:\n    scale: 2\n    deploy: {replicas: 2}\n';
    expect(applyServiceForm(text, 'a', [{ field: 'replicas', value: 3 }])).toBe(
      'services:\n  a:\n    scale: 3\n    deploy: {replicas: 3}\n',
    );
  });
});

describe('ports', () => {
  const now = ['80:80', '127.0.0.1:8443:443', '9000:9000'];

  it('changes the one that differs, without quotes where it has none', () => {
    expect(changed('web', { field: 'ports', value: ['80:80', '127.0.0.1:9443:443', '9000:9000'] })).toEqual([
      '-      - 127.0.0.1:8443:443   # tls',
      '+      - 127.0.0.1:9443:443   # tls',
    ]);
  });

  it('adds in the style of the others, with quotes', () => {
    expect(changed('web', { field: 'ports', value: [...now, '53:53/udp'] })).toEqual([
      '+      - "53:53/udp"',
    ]);
    expect(changed('list', { field: 'ports', value: ['80:80'] })).toEqual([
      '+    ports:',
      '+      - "80:80"',
    ]);
  });

  it('takes one away and leaves the long form of another', () => {
    expect(changed('web', { field: 'ports', value: ['80:80', '9000:9000'] })).toEqual([
      '-      - 127.0.0.1:8443:443   # tls',
    ]);
  });

  it('replaces a long form as a whole', () => {
    expect(changed('web', { field: 'ports', value: ['80:80', '127.0.0.1:8443:443', '9001:9000'] })).toEqual([
      '-      - target: 9000',
      '-        published: "9000"',
      '-        name: debug',
      '+      - "9001:9000"',
    ]);
  });
});

describe('environment', () => {
  it.each<[string, string | null | undefined, string[]]>([
    ['MODE', 'test', ['-      MODE: production', '+      MODE: test']],
    ['MODE', 'yes', ['-      MODE: production', '+      MODE: "yes"']],
    ['MODE', '1.0', ['-      MODE: production', '+      MODE: "1.0"']],
    ['MODE', null, ['-      MODE: production', '+      MODE:']],
    ['MODE', undefined, ['-      MODE: production']],
    ['WORKERS', '8', ['-      WORKERS: 4', '+      WORKERS: 8']],
    ['WORKERS', 'many', ['-      WORKERS: 4', '+      WORKERS: many']],
    ['EMPTY', '', ['-      EMPTY:', '+      EMPTY: ""']],
    ['PASSWORD', 'a$b', ['+      PASSWORD: "a$b"']],
    ['PORT', '8080', ['+      PORT: "8080"']],
    ['GREETING', 'bye', ['-      GREETING: |', '-        hello', '-        world', '+      GREETING: bye']],
  ])('in a map: %s to %j', (name, value, lines) => {
    const change = { field: 'environment', name, ...(value === undefined ? {} : { value }) } as const;
    expect(changed('web', change)).toEqual(lines);
  });

  it.each<[string, string | null | undefined, string[]]>([
    ['A', '2', ['-    - A=1', '+    - A=2']],
    ['B', 'x: y', ['-    - B', '+    - "B=x: y"']],
    ['C', "it's", ["-    - 'C=x y'", "+    - 'C=it''s'"]],
    ['C', undefined, ["-    - 'C=x y'"]],
    ['D', null, ['+    - D']],
  ])('in a list: %s to %j', (name, value, lines) => {
    const change = { field: 'environment', name, ...(value === undefined ? {} : { value }) } as const;
    expect(changed('list', change)).toEqual(lines);
  });

  it('goes as a whole with its last variable', () => {
    const text = 'services:\n  a:\n    environment:\n      X: 1\n';
    expect(applyServiceForm(text, 'a', [{ field: 'environment', name: 'X' }])).toBe('services:\n  a: {}\n');
  });

  it('has names that have no equals sign', () => {
    expect(() => applyServiceForm(FILE, 'web', [{ field: 'environment', name: 'A=B', value: 'c' }])).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });
});

describe('what others share', () => {
  it.each<[string, string, ServiceFormChange]>([
    ['a merged environment', 'worker', { field: 'environment', name: 'TZ', value: 'CET' }],
    ['a merged setting that is to go', 'worker', { field: 'restart' }],
  ])('is refused with its place: %s', (_name, service, change) => {
    expect(() => applyServiceForm(FILE, service, [change], 'stack.yaml')).toThrow(
      expect.objectContaining({
        code: 'compose.unsupported',
        message: expect.stringMatching(/^stack\.yaml:\d+:\d+: services\.worker.*line 3/),
        params: expect.objectContaining({ line: 30 }),
      }),
    );
  });

  it('is refused under an alias, and says where the anchor stands', () => {
    const text = 'x-env: &env\n  A: 1\nservices:\n  a:\n    environment: *env\n';
    expect(() => applyServiceForm(text, 'a', [{ field: 'environment', name: 'A', value: '2' }])).toThrow(
      /compose\.yaml:5:18: services\.a\.environment cannot be changed from here: it is the alias \*env, which stands in line 2/,
    );
  });

  it('is refused for an anchor that another service uses, and allowed where nothing else changes', () => {
    const text = 'services:\n  a: &a\n    image: &i one\n  b:\n    image: *i\n  c: { <<: *a, image: c }\n';
    expect(() => applyServiceForm(text, 'a', [{ field: 'image', value: 'two' }])).toThrow(
      expect.objectContaining({ code: 'compose.unsupported' }),
    );
    expect(applyServiceForm(text, 'b', [{ field: 'image', value: 'two' }])).toBe(
      text.replace('image: *i', 'image: two'),
    );
    expect(() => applyServiceForm(text, 'a', [{ field: 'restart', value: 'always' }])).toThrow(
      /would change/,
    );
  });

  it('is refused where !reset takes the setting out', () => {
    const text = 'services:\n  a:\n    ports: !reset []\n';
    expect(() => applyServiceForm(text, 'a', [{ field: 'ports', value: ['80'] }])).toThrow(/!reset/);
  });

  it('is refused in a file that does not parse, with its line', () => {
    expect(() => applyServiceForm('services:\n  a: [\n', 'a', [])).toThrow(
      expect.objectContaining({ code: 'compose.invalid', params: expect.objectContaining({ line: 3 }) }),
    );
    expect(() => applyServiceForm('a: 1\n---\nb: 2\n', 'a', [])).toThrow(/several YAML documents/);
  });
});

describe('the file', () => {
  const image = { field: 'image', value: 'nginx' } as const;

  it.each([
    ['', 'services:\n  web:\n    image: nginx\n'],
    ['# mine\n', '# mine\nservices:\n  web:\n    image: nginx\n'],
    ['services:\n', 'services:\n  web:\n    image: nginx\n'],
    ['services: {}\n', 'services: { web: { image: nginx } }\n'],
    ['services:\n  web: # later\n', 'services:\n  web: # later\n    image: nginx\n'],
    ['services:\n  web: null', 'services:\n  web:\n    image: nginx'],
    [
      'services:\n    db:\n        image: pg\n',
      'services:\n    db:\n        image: pg\n    web:\n        image: nginx\n',
    ],
    ['services:\n  db:\n    image: pg', 'services:\n  db:\n    image: pg\n  web:\n    image: nginx'],
    ['services: {db: {image: pg}}', 'services: {db: {image: pg}, web: { image: nginx }}'],
    ['{"services": {"web": {}}}', '{"services": {"web": { "image": "nginx" }}}'],
    [
      '{\n  "services": {\n    "web": {\n      "restart": "no"\n    }\n  }\n}\n',
      '{\n  "services": {\n    "web": {\n      "restart": "no",\n      "image": "nginx"\n    }\n  }\n}\n',
    ],
    [
      '\uFEFFservices:\r\n  web:\r\n    restart: "no"\r\n',
      '\uFEFFservices:\r\n  web:\r\n    restart: "no"\r\n    image: nginx\r\n',
    ],
  ])('gets a service or a setting in its own style: %j', (text, expected) => {
    expect(applyServiceForm(text, 'web', [image])).toBe(expected);
  });

  it('keeps its comments behind the service, its line breaks and its missing last one', () => {
    const text =
      'services:\r\n  web:\r\n    image: a\r\n    # more to come\r\n\r\n  # the database\r\n  db:\r\n    image: b';
    expect(applyServiceForm(text, 'web', [{ field: 'restart', value: 'always' }])).toBe(
      text.replace('image: a\r\n', 'image: a\r\n    restart: always\r\n'),
    );
    expect(applyServiceForm(text, 'db', [{ field: 'image' }, { field: 'restart', value: 'always' }])).toBe(
      text.replace('db:\r\n    image: b', 'db: { restart: always }'),
    );
  });

  it('takes a merge key, a prototype and a number for names like any other', () => {
    for (const name of ['<<', '__proto__', '1', 'yes', 'ä', '#x', '"'])
      expect(applyServiceForm(FILE, 'web', [{ field: 'environment', name, value: 'v' }])).not.toBe(FILE);
  });
});
