import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub } from './testing/start-upstream-stub.ts';

const LIST = JSON.stringify({ data: [{ id: 'm' }] });
const disposables: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const dispose of disposables.splice(0).reverse()) await dispose();
});

const stateOf = (gateway: TestGateway) => gateway.gateway.pool.backends[0]?.state;
const start = async (backend: object): Promise<TestGateway> => {
  const gateway = await startGateway({}, { backends: [{ name: 'far', kind: 'openai', ...backend }] });
  disposables.push(gateway.close);
  return gateway;
};
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasOpenssl)(
  'an upstream over TLS',
  { meta: { needs: 'openssl, which makes the certificate' } },
  () => {
    const listen = async (): Promise<{ url: string; caFile: string }> => {
      const directory = mkdtempSync(path.join(tmpdir(), 'gateway-tls-'));
      const [key, cert] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
      const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
      execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], {
        stdio: 'ignore',
      });
      const server = createServer(
        { key: readFileSync(key), cert: readFileSync(cert) },
        (_request, response) => response.end(LIST),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      disposables.push(
        () => rmSync(directory, { recursive: true }),
        () => server.closeAllConnections(),
        () => server.close(),
      );
      return { url: `https://localhost:${(server.address() as AddressInfo).port}/v1`, caFile: cert };
    };

    test('is trusted by the authority of the configuration', async () => {
      const { caFile, url } = await listen();
      const gateway = await start({ baseUrl: url, tls: { caFile } });
      await vi.waitFor(() => expect(stateOf(gateway)).toEqual({ kind: 'ready' }));
    });

    test('is refused without it, with the reason', async () => {
      const { url } = await listen();
      const gateway = await start({ baseUrl: url });
      await vi.waitFor(() =>
        expect(stateOf(gateway)).toMatchObject({ kind: 'unavailable', code: 'upstream_refused' }),
      );
      expect(JSON.stringify(stateOf(gateway))).toContain('tls.caFile');
    });
  },
);

test('a file of certificates that cannot be read is named', async () => {
  const gateway = await start({ baseUrl: 'https://localhost:1/v1', tls: { caFile: '/nowhere/ca.pem' } });
  expect(stateOf(gateway)).toMatchObject({ kind: 'unavailable', code: 'upstream_refused' });
  expect(JSON.stringify(stateOf(gateway))).toContain('/nowhere/ca.pem');
});

describe('a proxy for outgoing requests', () => {
  const proxy = async (target: string) => {
    const tunnels: string[] = [];
    const server = createHttpServer();
    server.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const { hostname, port } = new URL(target);
      const upstream = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    disposables.push(() => server.close());
    return { tunnels, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  test('is taken to far addresses, not to this machine', async () => {
    const stub = await startUpstreamStub();
    disposables.push(stub.close);
    const { tunnels, url } = await proxy(stub.url);
    vi.stubEnv('HTTP_PROXY', url);
    vi.stubEnv('NO_PROXY', '');
    const far = await start({ baseUrl: 'http://models.example/v1' });
    await vi.waitFor(() => expect(stateOf(far)).toEqual({ kind: 'ready' }));
    expect(tunnels).toEqual(['models.example:80']);
    const near = await start({ baseUrl: stub.url });
    await vi.waitFor(() => expect(stateOf(near)).toEqual({ kind: 'ready' }));
    expect(tunnels).toHaveLength(1);
  });
});
