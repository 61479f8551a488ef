import { createHash, webcrypto } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import '../../workspace/reflect-polyfill.ts';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildProject } from './build-test-project.ts';
import { connectToDocker } from './connect.ts';
import { DockerEngine } from './docker-engine.ts';
import {
  connectForTest,
  ensureTestImage,
  removeTestImage,
  sweepProject,
  testProject,
} from './docker-test-bed.ts';
import { readHostFacts } from './host-facts.ts';
import { buildImage } from './image-build.ts';

const never = new AbortController().signal;
const SOCKET = '/var/run/docker.sock';
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-context-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A folder of the Docker CLI with one context. */
async function writeContext(
  host: string,
  { skipVerify = false, tls = {} }: { skipVerify?: boolean; tls?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const id = createHash('sha256').update('test').digest('hex');
  const meta = {
    Name: 'test',
    Metadata: {},
    Endpoints: { docker: { Host: host, SkipTLSVerify: skipVerify } },
  };
  await mkdir(join(folder, 'contexts/meta', id), { recursive: true });
  await writeFile(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  const tlsFolder = join(folder, 'contexts/tls', id, 'docker');
  await rm(tlsFolder, { recursive: true, force: true });
  await mkdir(tlsFolder, { recursive: true });
  for (const [name, text] of Object.entries(tls)) await writeFile(join(tlsFolder, name), text);
}

const factsOf = (env: NodeJS.ProcessEnv = {}) =>
  readHostFacts({ PATH: `${folder}${delimiter}${process.env.PATH}`, DOCKER_CONFIG: folder, ...env });
const engineOf = () => new DockerEngine({ facts: factsOf(), context: 'test' });

describe('an engine behind TLS', { timeout: 60_000 }, () => {
  let proxy: Server | undefined;
  afterEach(() => {
    proxy?.close();
    proxy = undefined;
  });

  it('answers who has the certificates of the context, and nobody else', async () => {
    const { ca, server, client } = await makeCertificates();
    proxy = createServer({ ...server, ca, requestCert: true, rejectUnauthorized: true }, (outer) => {
      const inner = createConnection(SOCKET);
      outer.on('error', () => inner.destroy()).pipe(inner);
      inner.on('error', () => outer.destroy()).pipe(outer);
    }).on('tlsClientError', () => {});
    await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const host = `tcp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const files = { 'cert.pem': client.cert, 'key.pem': client.key };

    for (const [tls, skipVerify] of [
      [{ ...files, 'ca.pem': ca }, false],
      [files, true],
    ] as const) {
      await writeContext(host, { tls, skipVerify });
      const engine = engineOf();
      expect(await engine.connect(never)).toMatchObject({ context: 'test', apiVersion: expect.any(String) });
      await expectRealContainers(engine);
      await engine.dispose();
    }
    for (const tls of [files, { 'ca.pem': ca }, {}]) {
      await writeContext(host, { tls });
      await expect(engineOf().connect(never)).rejects.toMatchObject({ code: 'engine.unreachable' });
    }
  });
});

describe.skipIf(process.platform === 'win32')(
  'an engine behind SSH',
  { timeout: 60_000, meta: { needs: 'a POSIX shell' } },
  () => {
    /** Stands in for `ssh`: writes down how it was called and leads to the socket of the engine here. */
    async function installSsh(script = defaultScript()): Promise<void> {
      await writeFile(join(folder, 'ssh'), script);
      await chmod(join(folder, 'ssh'), 0o755);
      await writeContext('ssh://me@lab.example:2222');
    }
    const defaultScript = () => `#!${process.execPath}
const { appendFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, process.argv.slice(2).join(' ') + '\\n');
const socket = require('node:net').connect(${JSON.stringify(SOCKET)});
process.stdin.pipe(socket); socket.pipe(process.stdout); socket.on('close', () => process.exit(0));
`;
    const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

    it("is reached by the person's own ssh, over few connections that are kept", async () => {
      await installSsh();
      const engine = engineOf();
      expect((await engine.connect(never)).context).toBe('test');
      for (let i = 0; i < 5; i += 1) await expectRealContainers(engine);
      await engine.dispose();
      const made = await calls();
      expect(new Set(made)).toEqual(
        new Set(['-o ConnectTimeout=30 -T -l me -p 2222 -- lab.example docker system dial-stdio']),
      );
      expect(made.length).toBeLessThan(6);
    });

    it('carries streams, shells and builds, and leaves no process behind', async () => {
      await installSsh();
      const local = await connectForTest();
      await ensureTestImage(local);
      const project = testProject({
        web: { command: ['sleep', '1000'], networks: {}, definition: { network_mode: 'none' } },
      });
      const engine = engineOf();
      try {
        await engine.connect(never);
        const apply = (operation: Parameters<typeof engine.apply>[0]) =>
          engine.apply(operation, { project, signal: never, report: () => {} });
        await apply({ kind: 'create-container', service: 'web', number: 1 });
        await apply({ kind: 'start-container', service: 'web', number: 1 });
        const { containers } = await engine.observe(project.name, [], never);
        const shell = await engine.openShell(containers[0]?.id ?? '', { columns: 80, rows: 24 }, never);
        shell.write('echo over $((1+1)) hosts; exit 3\n');
        let output = '';
        for await (const text of shell.output) output += text;
        expect(output).toContain('over 2 hosts');
        expect(await shell.exit).toEqual({ code: 3 });

        const remote = await connectToDocker(
          { facts: factsOf(), context: 'test', isInstalled: async () => true },
          never,
        );
        expect(remote.isLocal).toBe(false);
        const made = buildProject({ context: folder, dockerfile_inline: 'FROM scratch\nCOPY ssh /s\n' });
        await buildImage(remote.api, {
          project: made,
          service: made.services.web,
          signal: never,
          report: () => {},
        });
        await local.api.json({ method: 'DELETE', path: `/images/${made.services.web.image}` });
        remote.api.dispose();
      } finally {
        await engine.dispose();
        await sweepProject(local, project.name);
        await removeTestImage(local);
        local.api.dispose();
      }
      await expect.poll(() => runningWith(join(folder, 'ssh'))).toEqual([]);
    });

    it('says what ssh said when it fails, and that it is missing', async () => {
      await installSsh(
        // OpenSSH ends its lines as a terminal wants them.
        '#!/bin/sh\nprintf "Warning: new host.\\r\\nme@lab.example: Permission denied (publickey).\\r\\n" >&2; exit 255\n',
      );
      await expect(engineOf().connect(never)).rejects.toMatchObject({
        code: 'engine.unreachable',
        params: { reason: expect.stringContaining('Permission denied (publickey)') },
        hint: expect.stringContaining('ssh lab.example docker version'),
      });
      const without = new DockerEngine({
        facts: { ...factsOf(), env: { PATH: '/none', DOCKER_CONFIG: folder } },
        context: 'test',
      });
      await expect(without.connect(never)).rejects.toMatchObject({
        params: { reason: expect.stringContaining('installed') },
      });
    });

    it('gives up within a second when it is cancelled', async () => {
      await installSsh('#!/bin/sh\nexec sleep 60\n');
      const stop = new AbortController();
      const before = performance.now();
      setTimeout(() => stop.abort(), 100);
      await expect(engineOf().connect(stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
      expect(performance.now() - before).toBeLessThan(1000);
    });
  },
);

/** The engine that answers is the one of this machine: it knows the image that only the tests make, or any container. */
async function expectRealContainers(engine: DockerEngine): Promise<void> {
  const here = await connectForTest();
  const { RepoTags } = await here.api.json<{ RepoTags: string[] }>({
    path: '/images/debian:bookworm-slim/json',
  });
  here.api.dispose();
  const { images } = await engine.observe('no-such-project', RepoTags, never);
  expect(Object.keys(images)).toEqual(RepoTags);
  expect(await engine.listProjects?.(never)).toEqual(expect.any(Array));
}

/** Command lines of this machine's processes that contain the text. */
async function runningWith(text: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}

async function makeCertificates() {
  const crypto = webcrypto as unknown as NonNullable<Parameters<typeof X509CertificateGenerator.create>[1]>;
  const keys = () => webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const [caKeys, serverKeys, clientKeys] = [await keys(), await keys(), await keys()];
  const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const common = { ...dates, signingAlgorithm: EC, signingKey: caKeys.privateKey };
  const authority = await X509CertificateGenerator.create(
    {
      ...common,
      serialNumber: '01',
      subject: 'CN=ca',
      issuer: 'CN=ca',
      publicKey: caKeys.publicKey,
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    },
    crypto,
  );
  const issue = async (pair: webcrypto.CryptoKeyPair, name: string, serialNumber: string) => {
    const extensions = [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])];
    const certificate = await X509CertificateGenerator.create(
      {
        ...common,
        serialNumber,
        subject: `CN=${name}`,
        issuer: 'CN=ca',
        publicKey: pair.publicKey,
        extensions,
      },
      crypto,
    );
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
    return {
      cert: certificate.toString('pem'),
      key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
    };
  };
  return {
    ca: authority.toString('pem'),
    server: await issue(serverKeys, 'server', '02'),
    client: await issue(clientKeys, 'client', '03'),
  };
}
