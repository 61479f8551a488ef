import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { rpc } from './implementer.ts';
import { createRpcServer } from './serve-rpc.ts';

const ports: MessageChannel[] = [];

function connect(router: Parameters<typeof createRpcServer>[0]): ContractRouterClient<Contract> {
  const channel = new MessageChannel();
  ports.push(channel);
  createRpcServer(router, silentLogger).serve(channel.port1, {
    connectionId: 'test',
    signal: new AbortController().signal,
  });
  channel.port1.start();
  channel.port2.start();
  return createORPCClient(new RPCLink({ port: channel.port2 }));
}

afterEach(() => {
  for (const { port1, port2 } of ports.splice(0)) {
    port1.close();
    port2.close();
  }
});

describe('the RPC server', () => {
  it('sends a fault as its code, sentence, hint and parameters', async () => {
    const client = connect({
      skills: {
        read: rpc.skills.read.handler(() => {
          throw new AppError('skill.not_found', 'There is no skill "x".', {
            hint: 'Create it.',
            params: { id: 'x' },
          });
        }),
      },
    });
    await expect(client.skills.read({ id: 'x' })).rejects.toMatchObject({
      code: 'APP_ERROR',
      data: { code: 'skill.not_found', hint: 'Create it.', params: { id: 'x' } },
    });
  });

  it('keeps the details of an unknown fault to itself', async () => {
    const client = connect({
      skills: {
        read: rpc.skills.read.handler(() => {
          throw new Error('password=hunter2');
        }),
      },
    });
    const fault = await client.skills.read({ id: 'x' }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ data: { code: 'internal' } });
    expect(JSON.stringify(fault)).not.toContain('hunter2');
  });

  it('refuses input that the contract does not allow', async () => {
    const client = connect({
      skills: { read: rpc.skills.read.handler(() => Promise.reject(new Error('reached'))) },
    });
    await expect(client.skills.read({ id: '../../etc/passwd' })).rejects.toMatchObject({
      data: { code: 'invalid_input' },
    });
  });

  it('answers a call that does not exist', async () => {
    await expect(connect({}).skills.read({ id: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('carries a fault in the middle of an event stream', async () => {
    const client = connect({
      app: {
        events: rpc.app.events.handler(async function* () {
          yield { kind: 'quitRequested' as const };
          throw new AppError('engine.unreachable', 'The engine went away.');
        }),
      },
    });
    const events = await client.app.events({});
    expect((await events.next()).value).toEqual({ kind: 'quitRequested' });
    await expect(events.next()).rejects.toMatchObject({ data: { code: 'engine.unreachable' } });
  });
});
