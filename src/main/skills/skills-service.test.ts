import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayClient } from '../gateway/gateway-client.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { SkillRepository } from './skill-repository.ts';
import { SkillsService } from './skills-service.ts';

const TEXT = '---\nname: tone\ndescription: Sets the tone. Use when answering customers.\n---\nBe kind.\n';

let directory: string;
let gateway: Server | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-skills-'));
});
afterEach(async () => {
  gateway?.close();
  gateway = undefined;
  await rm(directory, { recursive: true });
});

function createService(baseUrl?: string): { service: SkillsService; repository: SkillRepository } {
  const repository = new SkillRepository(path.join(directory, 'skills'), path.join(directory, 'trash'));
  let now = 0;
  const service = new SkillsService({
    repository,
    gateway: new GatewayClient(() =>
      baseUrl === undefined
        ? undefined
        : { baseUrl, chatBaseUrl: `${baseUrl}/v1`, apiKey: 'key', adminKey: 'key' },
    ),
    logger: silentLogger,
    monotonicNow: () => {
      now += 7;
      return now;
    },
  });
  return { service, repository };
}

/** Answers every reload as a gateway would that has (not) put the expected file live. */
async function startGateway(live: boolean): Promise<string> {
  gateway = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const expected = JSON.parse(Buffer.concat(chunks).toString() || '{}').expect;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          generation: 42,
          sha256: 'x',
          loadedAt: new Date(0).toISOString(),
          skills: [],
          diagnostics: [],
          changed: true,
          elapsedMs: 3,
          ...(expected === undefined ? {} : { expected: { ...expected, live } }),
        }),
      );
    });
  });
  const server = gateway;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

describe('SkillsService', () => {
  it('proves a save with the generation and the time since the call', async () => {
    const { service, repository } = createService(await startGateway(true));
    const base = await repository.write('tone', 'old');
    expect(await service.save({ id: 'tone', text: TEXT, baseVersion: base })).toMatchObject({
      kind: 'saved',
      diagnostics: [],
      live: { kind: 'live', generation: 42, elapsedMs: 7 },
    });
  });

  it('says so when the gateway keeps the last good version', async () => {
    const { service } = createService(await startGateway(false));
    expect(await service.save({ id: 'tone', text: 'no front matter', baseVersion: null })).toMatchObject({
      kind: 'saved',
      live: { kind: 'last_good', generation: 42 },
    });
  });

  it('saves without a gateway, and says that none is running', async () => {
    const { service } = createService();
    expect(await service.save({ id: 'tone', text: TEXT, baseVersion: null })).toMatchObject({
      live: { kind: 'gateway_not_running' },
    });
  });

  it('answers with the text on disk when somebody else has written meanwhile', async () => {
    const { service, repository } = createService();
    const base = await repository.write('tone', 'mine');
    await writeFile(path.join(directory, 'skills', 'tone', 'SKILL.md'), 'theirs');
    expect(await service.save({ id: 'tone', text: 'newer', baseVersion: base })).toMatchObject({
      kind: 'conflict',
      current: { text: 'theirs' },
    });
    expect((await service.read('tone')).text).toBe('theirs');
  });

  it('tells that the skill was deleted meanwhile', async () => {
    const { service } = createService();
    expect(await service.save({ id: 'gone', text: TEXT, baseVersion: 'v1' })).toEqual({ kind: 'deleted' });
  });

  it('creates a skill from what a person typed, once', async () => {
    const { service } = createService();
    expect(await service.create('Support Tone')).toMatchObject({ id: 'support-tone' });
    await expect(service.create('support tone')).rejects.toMatchObject({ code: 'skill.exists' });
    await expect(service.create('!!!')).rejects.toMatchObject({ code: 'skill.invalid_name' });
  });

  it('lists what is wrong with a skill beside the good ones', async () => {
    const { service, repository } = createService();
    await repository.write('tone', TEXT);
    await repository.write('broken', 'no front matter');
    await service.refresh();
    expect(service.snapshot.skills.map(({ id, diagnostics }) => [id, diagnostics.length])).toEqual([
      ['broken', 1],
      ['tone', 0],
    ]);
  });
});
