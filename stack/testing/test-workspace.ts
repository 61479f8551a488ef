import { execFile } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export const run = promisify(execFile);
const STACK = fileURLToPath(new URL('..', import.meta.url));
/** CommonJS packages inside an ES module still ask for these. */
const COMMONJS_NAMES =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" +
  "import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dir } from 'node:path';" +
  'const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);';
/** Containers run as an ordinary user, also where the tests run as root. */
const ORDINARY_ID = 1000;

export interface TestWorkspace {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Puts a workspace together as the app does: the files of the bundle, an .env, data and certificates. For tests only. */
export async function createTestWorkspace(
  project: string,
  gateway: 'real' | 'stand-in',
): Promise<TestWorkspace> {
  const dir = await mkdtemp(path.join(tmpdir(), 'skilldeck-stack-'));
  for (const name of [
    'compose.yaml',
    'reverse-proxy',
    'ai-gateway/Dockerfile',
    'ai-gateway/.dockerignore',
    'ai-gateway/init.sh',
  ]) {
    await cp(path.join(STACK, name), path.join(dir, name), { recursive: true });
  }
  for (const name of ['ai-gateway/package.json', 'ai-gateway/package-lock.json']) {
    await cp(path.join(STACK, name), path.join(dir, name));
  }
  for (const name of ['Dockerfile', '.dockerignore', 'app.conf', 'public']) {
    await cp(path.join(STACK, 'file-manager', name), path.join(dir, 'file-manager', name), {
      recursive: true,
    });
  }
  await bundle(path.join(STACK, 'file-manager/src/server.ts'), path.join(dir, 'file-manager/dist/server.js'));
  await addGateway(dir, gateway);
  await cp(path.join(STACK, 'skills'), path.join(dir, 'data/skills'), { recursive: true });
  for (const name of ['data/config', 'data/models', 'certs'])
    await mkdir(path.join(dir, name), { recursive: true });
  await writeCertificates(path.join(dir, 'certs'));
  const [gatewayPort, filesPort, httpsPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const owner = process.getuid?.() === 0 ? ORDINARY_ID : (process.getuid?.() ?? ORDINARY_ID);
  const env = {
    SKILLDECK_PROJECT: project,
    SKILLDECK_SUBNET: '172.29.77.0/24',
    SKILLDECK_UID: String(owner),
    SKILLDECK_GID: String(owner),
    GATEWAY_PORT: String(gatewayPort),
    FILE_MANAGER_PORT: String(filesPort),
    HTTPS_PORT: String(httpsPort),
    FILE_MANAGER_PASSWORD: 'a password of the test',
    HEALTH_INTERVAL: '1s',
    // One core is enough for the test, and two may not be there.
    GATEWAY_CPUS: '1',
    NPM_CONFIG_REGISTRY: (await run('npm', ['config', 'get', 'registry'])).stdout.trim(),
  };
  await writeFile(
    path.join(dir, '.env'),
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  if (process.getuid?.() === 0) await giveTo(dir, ORDINARY_ID);
  return { dir, env, remove: () => rm(dir, { recursive: true, force: true }) };
}

async function addGateway(dir: string, gateway: 'real' | 'stand-in'): Promise<void> {
  const dist = path.join(dir, 'ai-gateway/dist');
  await cp(path.join(STACK, 'ai-gateway/config.json'), path.join(dir, 'ai-gateway/config.json'));
  if (gateway === 'stand-in') {
    await bundle(
      fileURLToPath(new URL('stand-in-gateway.ts', import.meta.url)),
      path.join(dist, 'server.js'),
    );
    return;
  }
  const source = path.join(STACK, 'ai-gateway/src');
  await bundle(path.join(source, 'server.ts'), path.join(dist, 'server.js'));
  await bundle(path.join(source, 'backends/llama-cpp/llama-worker.ts'), path.join(dist, 'llama-worker.js'));
  await cp(path.join(STACK, 'models'), path.join(dir, 'data/models'), { recursive: true });
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['node-llama-cpp'],
    banner: { js: COMMONJS_NAMES },
    logLevel: 'error',
  });
}

async function writeCertificates(dir: string): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=Test CA',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  await writeFile(path.join(dir, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.crt',
    '-days',
    '2',
    '-extfile',
    'names',
  );
}

async function giveTo(dir: string, id: number): Promise<void> {
  await chown(dir, id, id);
  for (const name of await readdir(dir, { recursive: true })) await chown(path.join(dir, name), id, id);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
