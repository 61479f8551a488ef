import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestWorkspace, run, type TestWorkspace } from './test-workspace.ts';

const MINUTES = 60_000;
const IMAGE = `skilldeck-test-${process.pid}-gateway`;
const CONTAINER = `skilldeck-test-${process.pid}`;
const DEMO_MODEL = fileURLToPath(new URL('../models/skilldeck-demo.gguf', import.meta.url));

const hasEngine = await run('docker', ['info']).then(
  () => true,
  () => false,
);
const canRun = hasEngine && existsSync(DEMO_MODEL);
const NEEDS = { meta: { needs: 'a Docker engine, and the demo model that the set-up makes' } };

describe.skipIf(!canRun)('the image of the real gateway', NEEDS, () => {
  let workspace: TestWorkspace;
  const inside = (...command: string[]) => run('docker', ['exec', CONTAINER, ...command]);

  beforeAll(async () => {
    workspace = await createTestWorkspace(CONTAINER, 'real');
    const registry = `NPM_CONFIG_REGISTRY=${workspace.env.NPM_CONFIG_REGISTRY}`;
    await run('docker', ['build', '-t', IMAGE, '--build-arg', registry, `${workspace.dir}/ai-gateway`], {
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      maxBuffer: 64 * 1024 ** 2,
    });
    const user = `${workspace.env.SKILLDECK_UID}:${workspace.env.SKILLDECK_GID}`;
    const hardening = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--user', user, '--init'];
    const data = ['-v', `${workspace.dir}/data:/app/data`, '-e', 'CONFIG_PATH=/app/data/config/config.json'];
    await run('docker', ['run', '-d', '--name', CONTAINER, ...hardening, ...data, IMAGE]);
  }, 10 * MINUTES);

  afterAll(async () => {
    await run('docker', ['rm', '-f', '-v', CONTAINER]).catch(() => undefined);
    await run('docker', ['image', 'rm', '-f', IMAGE]).catch(() => undefined);
    await workspace.remove();
  }, MINUTES);

  it('answers with the real llama.cpp once init.sh has made the configuration', async () => {
    const { stdout } = await inside('/app/init.sh', '--config', '/app/config.json');
    expect(stdout).toMatch(/made {2}configuration.*\nok {4}configuration is valid\nok {4}5 skill/);
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], max_tokens: 8 });
    const script = `fetch('http://127.0.0.1:8080/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then((r) => r.text()).then(console.log)`;
    const ask = async (): Promise<string> => (await inside('node', '-e', script)).stdout;
    // The gateway finds its new configuration by itself, and then loads the model.
    await expect.poll(ask, { timeout: 30_000, interval: 500 }).toContain('"chat.completion"');
  });

  it('says which line of a broken configuration is wrong, and that it is not ready', async () => {
    const failed = inside('bash', '-c', 'echo "{ nonsense" > /tmp/c.json; /app/init.sh --config /tmp/c.json');
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FAIL  configuration:'),
    });
  });
});
