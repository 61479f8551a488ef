import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export interface FakeRegistry {
  /** `127.0.0.1:PORT`, which engines speak to without TLS. */
  readonly host: string;
  /** `METHOD /path status`, in the order of their arrival. */
  readonly requests: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface FakeRegistryOptions {
  /** Without: everybody may pull. */
  readonly login?: { readonly username: string; readonly password: string };
  /** How a client is asked to sign in. */
  readonly scheme?: 'basic' | 'bearer';
  /** A layer's body is not sent while this promise waits. */
  readonly hold?: Promise<void>;
  /** How many questions for a manifest are answered with 503 first. */
  readonly failures?: number;
}

interface Blob {
  readonly type: string;
  readonly body: Buffer;
}

const TOKEN = 'token-of-the-test';

/** For tests only: serves one image of two small layers under any name and tag, over the registry API v2. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const { manifest, blobs } = await makeImage();
  const requests: string[] = [];
  let failures = options.failures ?? 0;
  const server = createServer((request, response) => {
    response.on('finish', () => requests.push(`${request.method} ${request.url} ${response.statusCode}`));
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? '/';
    const send = ({ type, body }: Blob) => {
      response.writeHead(200, {
        'content-type': type,
        'content-length': body.length,
        'docker-content-digest': digestOf(body),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (path === '/token')
      return isBasic(request, options)
        ? send({ type: 'application/json', body: Buffer.from(JSON.stringify({ token: TOKEN })) })
        : refuse(response, 401);
    if (!isAllowed(request, options)) return challenge(request, response, options);
    if (path === '/v2/') return send({ type: 'application/json', body: Buffer.from('{}') });
    if (/\/manifests\//.test(path)) {
      if (failures > 0) {
        failures -= 1;
        return refuse(response, 503);
      }
      return send(manifest);
    }
    const blob = blobs.get(path.split('/').at(-1) ?? '');
    if (!blob) return refuse(response, 404);
    if (/layer/.test(blob.type)) await options.hold;
    send(blob);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function makeImage() {
  const layers = await Promise.all(['one', 'two'].map(makeLayer));
  const config = {
    type: 'application/vnd.docker.container.image.v1+json',
    body: Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: { Cmd: ['/none'] },
        // The image is not what another run of the test left in the engine.
        created: new Date().toISOString(),
        rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      }),
    ),
  };
  const descriptor = ({ type, body }: Blob) => ({
    mediaType: type,
    size: body.length,
    digest: digestOf(body),
  });
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const body = {
    schemaVersion: 2,
    mediaType: type,
    config: descriptor(config),
    layers: layers.map(descriptor),
  };
  const blobs = new Map<string, Blob>([config, ...layers].map((blob) => [digestOf(blob.body), blob]));
  return { manifest: { type, body: Buffer.from(JSON.stringify(body)) }, blobs };
}

async function makeLayer(name: string) {
  const tar = pack();
  tar.entry({ name }, `${name} ${Math.random()}`);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const plain = Buffer.concat(chunks);
  return {
    type: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    body: gzipSync(plain),
    diffId: digestOf(plain),
  };
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function isBasic({ headers }: IncomingMessage, { login }: FakeRegistryOptions): boolean {
  if (!login) return true;
  const expected = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  return headers.authorization === `Basic ${expected}`;
}

function isAllowed(request: IncomingMessage, options: FakeRegistryOptions): boolean {
  if (!options.login) return true;
  return options.scheme === 'bearer'
    ? request.headers.authorization === `Bearer ${TOKEN}`
    : isBasic(request, options);
}

function challenge(
  request: IncomingMessage,
  response: ServerResponse,
  { scheme }: FakeRegistryOptions,
): void {
  const realm = `realm="http://${request.headers.host}/token",service="test"`;
  refuse(response, 401, {
    'www-authenticate': scheme === 'bearer' ? `Bearer ${realm}` : 'Basic realm="test"',
  });
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(
    JSON.stringify({ errors: [{ code: status === 401 ? 'UNAUTHORIZED' : 'UNKNOWN', message: 'no' }] }),
  );
}
