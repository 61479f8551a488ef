import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../compose/project.ts';
import { DockerTestSession } from './docker-test-session.ts';

let bed: DockerTestSession;
const made: string[] = [];

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.56.0/24');
}, 30_000);
afterEach(async () => {
  await bed.sweep();
  for (const path of made.splice(0)) await bed.connection.api.json({ method: 'DELETE', path, accept: [404] });
}, 30_000);
afterAll(() => bed.close());

async function make(
  kind: 'networks' | 'volumes',
  Name: string,
  Labels: Readonly<Record<string, string>> = {},
) {
  const body = { Name, Labels, ...(kind === 'networks' ? { Internal: true } : {}) };
  await bed.connection.api.json({ method: 'POST', path: `/${kind}/create`, body });
  made.push(`/${kind}/${Name}`);
}

/** A project whose network `default` and volume `data` are of these names. */
function projectWith(part: { readonly external: boolean }): Project {
  const base = bed.project({ web: { command: ['sleep', '1000'] } });
  const name = (key: string) => `${base.name}_${key}`;
  const network = {
    key: 'default',
    name: name('default'),
    definition: { name: name('default'), ipam: {}, ...part },
    internal: false,
    ipam: [],
    labels: {},
    ...part,
  };
  const volume = {
    key: 'data',
    name: name('data'),
    definition: { name: name('data'), ...part },
    driverOpts: {},
    labels: {},
    ...part,
  };
  return { ...base, networks: { default: network }, volumes: { data: volume } };
}

const NETWORK = { kind: 'create-network', network: 'default' } as const;
const VOLUME = { kind: 'create-volume', volume: 'data' } as const;

describe('networks and volumes of others', { timeout: 60_000 }, () => {
  it('names an external network and an external volume that do not exist, and how to make them', async () => {
    const project = projectWith({ external: true });
    await expect(bed.apply(project, NETWORK)).rejects.toMatchObject({
      code: 'engine.request_failed',
      message: `The external network ${project.name}_default does not exist.`,
      hint: `Create it with "docker network create ${project.name}_default".`,
      params: { status: 404, reason: `${project.name}_default` },
    });
    await expect(bed.apply(project, VOLUME)).rejects.toMatchObject({
      code: 'engine.request_failed',
      message: `The external volume ${project.name}_data does not exist.`,
      hint: `Create it with "docker volume create ${project.name}_data".`,
      params: { status: 404, reason: `${project.name}_data` },
    });
  });

  it('uses external ones as they are', async () => {
    const project = projectWith({ external: true });
    await make('networks', `${project.name}_default`);
    await make('volumes', `${project.name}_data`);
    await bed.apply(project, NETWORK, VOLUME);
    await bed.up(project, 'web');
    const { containers, networks, volumes } = await bed.observe(project);
    expect(containers[0]?.networks).toEqual([`${project.name}_default`]);
    // They are not of the project, so no plan can remove them.
    expect({ networks, volumes }).toEqual({ networks: [], volumes: [] });
  });

  it('uses a network of another project that goes by the same key, says so, and does not call it its own', async () => {
    const project = projectWith({ external: false });
    await make('networks', `${project.name}_default`, {
      'com.docker.compose.project': 'somebody',
      'com.docker.compose.network': 'default',
    });
    const reported = await bed.apply(project, NETWORK);
    expect(reported).toEqual([
      { output: `The network ${project.name}_default was made by somebody; it is used as it is.` },
    ]);
    expect((await bed.observe(project)).networks).toEqual([]);
  });

  it('touches no network of that name that is something else', async () => {
    const project = projectWith({ external: false });
    await make('networks', `${project.name}_default`);
    await expect(bed.apply(project, NETWORK)).rejects.toMatchObject({
      code: 'engine.request_failed',
      params: { status: 409, reason: `${project.name}_default` },
    });
  });

  it('takes a volume of that name with what is in it, and does not call it its own', async () => {
    const project = projectWith({ external: false });
    await make('volumes', `${project.name}_data`);
    await bed.apply(project, VOLUME);
    expect((await bed.observe(project)).volumes).toEqual([]);
  });
});
