// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.

export interface ComposeCase {
  readonly what: string;
  /** In merge order. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: string;
}

const one = (what: string, text: string, env = ''): ComposeCase => ({
  what,
  files: { 'compose.yaml': text },
  env,
});

/** For tests only: small files, each about one corner of the format, on which we and Compose must agree. */
export const CASES: readonly ComposeCase[] = [
  one(
    'short and long ports',
    `
name: p
services:
  a:
    image: x
    ports: ["80", "8080:80", "127.0.0.1:9000:90/udp", "9100-9102:100-102", "[::1]:7000:70"]
  b:
    image: x
    ports:
      - { target: 80, published: "8081", host_ip: 127.0.0.1 }
      - { target: 53, protocol: udp }
`,
  ),
  one(
    'mounts in both forms',
    `
name: p
services:
  a:
    image: x
    volumes:
      - ./here:/a
      - ../there:/b:ro
      - ~/home:/c
      - /abs:/d:rw
      - named:/e
      - /anonymous
      - { type: bind, source: ./long, target: /f, read_only: true }
      - { type: volume, source: named, target: /g, read_only: true }
      - { type: tmpfs, target: /h, tmpfs: { size: 64m } }
    tmpfs: /run
volumes: { named: }
`,
  ),
  one(
    'commands as text and as list',
    `
name: p
services:
  a: { image: x, command: "sh -c 'echo \\"a b\\"' c\\\\ d", entrypoint: ["/bin/e", "x y"] }
  b: { image: x, command: [], entrypoint: run me }
`,
  ),
  one(
    'environment and labels as list and as map',
    `
name: p
services:
  a:
    image: x
    environment: ["A=1", "B=x=y", "EMPTY=", "FROM_ENV", "NOWHERE"]
    labels: ["one=1", "two"]
  b:
    image: x
    environment: { A: 1, T: "true", F: 1.5, NONE: , TEXT: "yes" }
    labels: { one: 1 }
`,
    'FROM_ENV=given\n',
  ),
  one(
    'variables of every form',
    `
name: p
services:
  a:
    image: "\${IMAGE}:\${TAG:-latest}"
    environment:
      A: $SET
      B: \${EMPTY-default}
      C: \${EMPTY:-default}
      D: \${SET:+there}
      E: \${UNSET+there}
      F: $$literal and $\${both}
      G: \${UNSET:-\${SET:-deep}}
      H: \${SET:?needed}
      I: a\${SET}b$SET.c
`,
    'IMAGE=nginx\nSET=value\nEMPTY=\n',
  ),
  one(
    'what .env may hold',
    `
name: p
services:
  a:
    image: x
    environment: { A: $A, B: $B, C: $C, D: $D, E: $E, F: $F, G: $G, H: $H }
`,
    'A=plain # note\nB="double \\"q\\" $A"\nC=\'single $A # no note\'\nexport D=d\nE = spaced\nF="two\nlines"\nG=a#b\nH=\n',
  ),
  one(
    'health checks',
    `
name: p
services:
  a:
    image: x
    healthcheck: { test: curl -f http://localhost, interval: 1m30s, timeout: 500ms, retries: 3, start_period: 1h }
  b: { image: x, healthcheck: { test: [CMD, a, "b c"], start_interval: 2s } }
  c: { image: x, healthcheck: { disable: true } }
  d: { image: x, healthcheck: { test: [NONE] } }
`,
  ),
  one(
    'dependencies',
    `
name: p
services:
  a: { image: x, depends_on: [b, c] }
  b: { image: x, depends_on: { c: { condition: service_healthy, restart: true } } }
  c: { image: x, depends_on: { d: { condition: service_completed_successfully, required: false } } }
  d: { image: x }
`,
  ),
  one(
    'networks',
    `
name: p
services:
  a:
    image: x
    networks: { front: { aliases: [one, two], ipv4_address: 172.28.0.5 }, back: }
  b: { image: x, networks: [back] }
  c: { image: x }
networks:
  front: { ipam: { config: [{ subnet: 172.28.0.0/16, gateway: 172.28.0.1 }] }, labels: { a: b } }
  back: { internal: true, driver: bridge, name: other }
`,
  ),
  one(
    'volumes',
    `
name: p
services:
  a: { image: x, volumes: ["one:/v", "two:/w", "three:/e"] }
volumes:
  one: { driver: local, driver_opts: { type: tmpfs, device: tmpfs, o: size=1m }, labels: [x=y] }
  two: { name: chosen }
  three: { external: true }
`,
  ),
  one(
    'limits in the new and the old form',
    `
name: p
services:
  a: { image: x, deploy: { resources: { limits: { cpus: "0.5", memory: 1.5g, pids: 100 } } } }
  b: { image: x, cpus: 2, mem_limit: 512m, pids_limit: 50 }
`,
  ),
  one(
    'restart, stop and privileges',
    `
name: p
services:
  a:
    image: x
    restart: on-failure:3
    stop_signal: SIGQUIT
    stop_grace_period: 1m
    init: true
    read_only: true
    user: "1000:1000"
    working_dir: /w
    cap_add: [NET_ADMIN]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    extra_hosts: ["host.docker.internal:host-gateway", "six:::1"]
    logging: { driver: json-file, options: { max-size: 1m } }
    container_name: named
    expose: ["80", 90]
  b: { image: x, restart: "no" }
  c: { image: x, restart: always, extra_hosts: { one: 10.0.0.1 } }
`,
  ),
  one(
    'builds',
    `
name: p
services:
  a: { build: . }
  b: { image: named, build: { context: ./sub, dockerfile: other.Dockerfile, target: t, args: { A: 1, FROM_ENV: }, labels: [x=y] } }
`,
    'FROM_ENV=given\n',
  ),
  one(
    'anchors, merge keys and extension fields',
    `
name: p
x-common: &common
  image: x
  environment: &env { A: "1" }
services:
  a: { <<: *common, environment: { <<: *env, B: "2" } }
  b: { <<: *common, x-note: kept out }
`,
  ),
  {
    what: 'an override on top',
    files: {
      'compose.yaml': `
name: p
services:
  a:
    image: one
    command: [first]
    environment: { A: "1", B: "1" }
    labels: { l: "1" }
    ports: ["80:80", "127.0.0.1:90:90"]
    volumes: ["./x:/data", "./y:/y"]
    depends_on: [b]
    cap_drop: [NET_RAW]
    healthcheck: { test: [CMD, a], interval: 1s }
    deploy: { resources: { limits: { cpus: "1", memory: 1g } } }
  b: { image: x }
`,
      'compose.override.yaml': `
services:
  a:
    image: two
    command: second
    environment: [B=2, C=3]
    labels: [m=2]
    ports: ["80:80", "81:81"]
    volumes: ["./z:/data:ro"]
    depends_on: { c: { condition: service_healthy } }
    cap_drop: [ALL]
    healthcheck: { interval: 5s }
    deploy: { resources: { limits: { memory: 2g } } }
  c: { image: x, healthcheck: { test: "true" } }
`,
    },
  },
  one(
    'a project named by its variables',
    'services: { a: { image: x } }\n',
    'COMPOSE_PROJECT_NAME=from_env\n',
  ),
  one(
    'profiles',
    `
name: p
services:
  a: { image: x }
  b: { image: x, profiles: [debug] }
  c: { image: x, profiles: [other] }
`,
    'COMPOSE_PROFILES=debug\n',
  ),
];

/** For tests only: files that neither reads. */
export const REFUSED: readonly { readonly what: string; readonly text: string }[] = [
  { what: 'a service without image and build', text: 'services: { a: { command: x } }\n' },
  { what: 'a misspelt key', text: 'services: { a: { image: x, enviroment: {} } }\n' },
  { what: 'a dependency that does not exist', text: 'services: { a: { image: x, depends_on: [b] } }\n' },
  {
    what: 'a circle of dependencies',
    text: 'services: { a: { image: x, depends_on: [b] }, b: { image: x, depends_on: [a] } }\n',
  },
  { what: 'a network that does not exist', text: 'services: { a: { image: x, networks: [n] } }\n' },
  { what: 'a volume that does not exist', text: 'services: { a: { image: x, volumes: ["named:/v"] } }\n' },
  {
    what: 'a required variable without a value',
    text: 'services: { a: { image: "${NOT_SET:?say which}" } }\n',
  },
  { what: 'a duration without a unit', text: 'services: { a: { image: x, stop_grace_period: 10 } }\n' },
  { what: 'a port that is none', text: 'services: { a: { image: x, ports: ["99999:80"] } }\n' },
  { what: 'text that is not YAML', text: 'services: [\n' },
  { what: 'a key twice', text: 'services: { a: { image: x, image: y } }\n' },
];
