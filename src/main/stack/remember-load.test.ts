import { describe, expect, it } from 'vitest';
import type { LoadInput } from '../compose/load-project.ts';
import { rememberLoad } from './remember-load.ts';

const FILE = `name: shop
services:
  web:
    image: nginx:1.28
    env_file: [web.env]
`;

function input(files: Readonly<Record<string, string>>, more: Partial<LoadInput> = {}): LoadInput {
  return {
    files: [{ path: '/shop/compose.yaml', text: files['/shop/compose.yaml'] ?? FILE }],
    env: {},
    workingDir: '/shop',
    readText: async (path) => files[path],
    ...more,
  };
}

describe('rememberLoad', () => {
  it('gives the same project while nothing has changed', async () => {
    const load = rememberLoad();
    const first = await load(input({ '/shop/web.env': 'A=1' }));
    expect(await load(input({ '/shop/web.env': 'A=1' }))).toBe(first);
  });

  it('reads again when a file changes that the project refers to', async () => {
    const load = rememberLoad();
    await load(input({ '/shop/web.env': 'A=1' }));
    const second = await load(input({ '/shop/web.env': 'A=2' }));
    expect(second.services.web?.definition.environment).toEqual({ A: '2' });
  });

  it('reads again when the variables, the profiles or the file itself change', async () => {
    const load = rememberLoad();
    const files = { '/shop/web.env': 'A=1' };
    const first = await load(input(files));
    expect(await load(input(files, { env: { B: '1' } }))).not.toBe(first);
    expect(await load(input(files, { profiles: ['debug'] }))).not.toBe(first);
    const other = await load(
      input({ ...files, '/shop/compose.yaml': FILE.replace('nginx:1.28', 'nginx:1.29') }),
    );
    expect(other.services.web?.definition.image).toBe('nginx:1.29');
  });

  it('forgets nothing, and remembers nothing, of a file that cannot be used', async () => {
    const load = rememberLoad();
    const good = { '/shop/web.env': 'A=1' };
    const first = await load(input(good));
    await expect(load(input({ ...good, '/shop/compose.yaml': 'services: [' }))).rejects.toMatchObject({
      code: 'compose.invalid',
    });
    expect(await load(input(good))).toBe(first);
  });
});
