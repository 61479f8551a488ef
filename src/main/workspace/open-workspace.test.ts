import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace } from './open-workspace.ts';

const NOW = new Date('2026-11-23T20:46:02Z');

let root: string;
let bundleDir: string;
let directory: string;

const put = async (base: string, path: string, text: string) => {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), text);
};
const read = (path: string) => readFile(join(directory, path), 'utf8');
const open = (change: Partial<Parameters<typeof openWorkspace>[0]> = {}) =>
  openWorkspace({ directory, bundleDir, version: '1', processEnv: {}, now: () => NOW, ...change });

/** Text of every file below the workspace, by path. */
async function texts(): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')])),
  );
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'skilldeck-workspace-'));
  bundleDir = join(root, 'bundle');
  directory = join(root, "o'brien", 'workspace');
  await put(bundleDir, 'compose.yaml', 'services: {}\n');
  await put(bundleDir, 'reverse-proxy/nginx.conf', 'one\n');
  await put(bundleDir, 'ai-gateway/config.json', '{}\n');
  await put(bundleDir, 'ai-gateway/src/server.ts', 'source\n');
  await put(bundleDir, 'skills/tea/SKILL.md', 'tea\n');
  await put(bundleDir, 'models/demo.gguf', 'GGUF\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('opening a workspace for the first time', () => {
  it('copies the bundle without its sources, the samples and the demo model', async () => {
    await open();
    expect(await read('reverse-proxy/nginx.conf')).toBe('one\n');
    expect(await read('data/skills/tea/SKILL.md')).toBe('tea\n');
    expect(await read('data/config/config.json')).toBe('{}\n');
    await expect(stat(join(directory, 'ai-gateway/src'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes secrets of its own that only the owner can read', async () => {
    const { settings } = await open();
    expect(settings.apiKey).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(settings.fileManagerPassword).toHaveLength(16);
    expect(settings.dataDirectory).toBe(join(directory, 'data'));
    if (process.platform !== 'win32') {
      expect((await stat(join(directory, '.env'))).mode & 0o777).toBe(0o600);
      // The proxy mounts certs/: the authority's key must not be in it.
      expect((await readdir(join(directory, 'certs'))).sort()).toEqual([
        'ca.crt',
        'server.crt',
        'server.key',
      ]);
      expect((await stat(join(directory, '.skilldeck'))).mode & 0o777).toBe(0o700);
    }
    const { settings: other } = await open({ directory: join(root, 'another') });
    expect(other.apiKey).not.toBe(settings.apiKey);
  });
});

describe('opening it again', () => {
  it('changes nothing when nothing is new', async () => {
    await open();
    const before = await texts();
    const { savedAside } = await open();
    expect(savedAside).toEqual([]);
    expect(await texts()).toEqual(before);
  });

  it('keeps what the person changed in .env and adds what is missing', async () => {
    await open();
    await writeFile(join(directory, '.env'), '# mine\nGATEWAY_PORT=9090\nGATEWAY_API_KEY=sk-mine\n');
    const { settings } = await open({ version: '2' });
    expect(settings).toMatchObject({ apiKey: 'sk-mine', ports: { gateway: 9090, https: 8443 } });
    expect(await read('.env')).toMatch(/^# mine\nGATEWAY_PORT=9090\nGATEWAY_API_KEY=sk-mine\n/);
    expect(await read('.env')).toContain('SKILLDECK_VERSION=2\n');
  });

  it('knows a stack by the good lines of a broken .env', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, '.env'),
      'SKILLDECK_PROJECT=mine\nthis is no setting\nGATEWAY_PORT=9090\n',
    );
    const workspace = await open();
    expect(workspace.settings).toMatchObject({ project: 'mine', ports: { gateway: 9090 } });
    await expect(workspace.readEnv()).rejects.toMatchObject({ code: 'env.invalid', params: { line: 2 } });
  });

  it('leaves a broken .env for the person to mend', async () => {
    await open();
    await writeFile(join(directory, '.env'), 'GATEWAY_PORT="9090\n');
    const workspace = await open();
    expect(await read('.env')).toBe('GATEWAY_PORT="9090\n');
    await expect(workspace.readEnv()).rejects.toMatchObject({ code: 'env.invalid' });
  });

  it('brings back no skill that was deleted', async () => {
    await open();
    await put(directory, 'data/skills/own/SKILL.md', 'own\n');
    await rm(join(directory, 'data/skills/tea'), { recursive: true });
    await open();
    expect(await readdir(join(directory, 'data/skills'))).toEqual(['own']);
  });
});

describe('an upgrade of the app', () => {
  it('replaces what nobody edited and saves an edited file aside', async () => {
    await open();
    await put(directory, 'compose.yaml', 'mine\n');
    await put(bundleDir, 'compose.yaml', 'services: { new: {} }\n');
    await put(bundleDir, 'reverse-proxy/nginx.conf', 'two\n');
    const { savedAside } = await open();
    const aside = join(directory, 'compose.yaml.edited-20261123T204602');
    expect(savedAside).toEqual([aside]);
    expect(await readFile(aside, 'utf8')).toBe('mine\n');
    expect(await read('compose.yaml')).toBe('services: { new: {} }\n');
    expect(await read('reverse-proxy/nginx.conf')).toBe('two\n');
  });

  it('keeps an edit while the app has no newer file, and still knows it at the upgrade after', async () => {
    await open();
    await put(directory, 'compose.yaml', 'mine\n');
    await put(bundleDir, 'reverse-proxy/nginx.conf', 'two\n');
    expect((await open()).savedAside).toEqual([]);
    expect(await read('compose.yaml')).toBe('mine\n');
    await put(bundleDir, 'compose.yaml', 'three\n');
    expect((await open()).savedAside).toHaveLength(1);
  });

  it('does not take its own files for edited after an interrupted upgrade', async () => {
    await open();
    await put(bundleDir, 'compose.yaml', 'two\n');
    await put(directory, 'compose.yaml', 'two\n');
    await open();
    await put(bundleDir, 'compose.yaml', 'three\n');
    expect((await open()).savedAside).toEqual([]);
    expect(await read('compose.yaml')).toBe('three\n');
  });

  it('removes what the app does not bring any more', async () => {
    await open();
    await rm(join(bundleDir, 'reverse-proxy'), { recursive: true });
    await open();
    expect(await readdir(join(directory, 'reverse-proxy'))).toEqual([]);
  });

  it('replaces files although the bundle is read-only', async () => {
    await chmod(join(bundleDir, 'compose.yaml'), 0o444);
    await open();
    await rm(join(bundleDir, 'compose.yaml'));
    await put(bundleDir, 'compose.yaml', 'two\n');
    expect((await open()).savedAside).toEqual([]);
    expect(await read('compose.yaml')).toBe('two\n');
  });
});

describe('a place that cannot be a workspace', () => {
  it('is refused with its path', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(open({ directory: join(root, 'file', 'w') })).rejects.toMatchObject({
      code: 'workspace.invalid',
      params: { path: join(root, 'file', 'w') },
    });
  });

  it('is refused when a folder of the bundle is a file there', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'reverse-proxy'), 'a file');
    await expect(open()).rejects.toMatchObject({ code: 'workspace.invalid' });
    expect(await read('reverse-proxy')).toBe('a file');
  });

  it('is refused when it cannot be written', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root writes through file modes');
    skip(process.platform === 'win32', 'no file modes on Windows');
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o500);
    await expect(open()).rejects.toMatchObject({ code: 'read_only' });
  });
});

describe('changing one setting', () => {
  it('writes it, keeps the file private and reads it back', async () => {
    const workspace = await open();
    await workspace.setEnv('GATEWAY_PORT', '8099');
    expect(workspace.settings.ports.gateway).toBe(8099);
    if (process.platform !== 'win32') expect((await stat(join(directory, '.env'))).mode & 0o777).toBe(0o600);
  });

  it('lets .env win over the environment of the process, of which little is passed on', async () => {
    const workspace = await open({
      processEnv: { GATEWAY_PORT: '1', HTTP_PROXY: 'http://p', NPM_CONFIG_REGISTRY: 'r' },
    });
    await workspace.setEnv('NPM_CONFIG_REGISTRY', 'mine');
    const env = await workspace.readEnv();
    expect(env).toMatchObject({ GATEWAY_PORT: '8080', HTTP_PROXY: 'http://p', NPM_CONFIG_REGISTRY: 'mine' });
  });
});
