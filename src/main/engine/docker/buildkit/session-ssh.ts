import { createConnection } from 'node:net';
import { finished } from 'node:stream/promises';
import { GRPC_STATUS, type GrpcCall, GrpcError, type GrpcHandler } from './grpc-server.ts';
import { readProto, writeProto } from './protobuf.ts';

/** A socket of an SSH agent that a step may use under the id (`RUN --mount=type=ssh,id=…`). */
export interface SshAgent {
  readonly id: string;
  readonly socket: string;
}

const DEFAULT_ID = 'default';

/** `moby.sshforward.v1.SSH`: passes the agent's conversation through; keys never leave the agent. */
export function sshHandlers(agents: readonly SshAgent[]): ReadonlyMap<string, GrpcHandler> {
  const find = (id: string | undefined) => {
    const agent = agents.find((one) => one.id === (id || DEFAULT_ID));
    if (!agent) throw new GrpcError(GRPC_STATUS.notFound, `no SSH agent ${id || DEFAULT_ID} for this build`);
    return agent;
  };
  return new Map<string, GrpcHandler>([
    [
      '/moby.sshforward.v1.SSH/CheckAgent',
      async (call) => {
        for await (const message of call.messages) {
          find(readProto(message).text(1));
          return call.send(writeProto());
        }
      },
    ],
    [
      '/moby.sshforward.v1.SSH/ForwardAgent',
      (call) => forward(call, find(call.header('buildkit.ssh.id')[0])),
    ],
  ]);
}

async function forward(call: GrpcCall, { id, socket: path }: SshAgent): Promise<void> {
  const socket = createConnection(path);
  const sending = (async () => {
    for await (const chunk of socket) await call.send(writeProto([1, chunk as Buffer]));
  })();
  const receiving = (async () => {
    for await (const message of call.messages) {
      const data = readProto(message).all(1).at(-1);
      if (data && !socket.write(data))
        await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    }
    socket.end();
  })();
  try {
    await Promise.race([Promise.all([sending, receiving]), finished(socket)]);
  } catch {
    throw new GrpcError(GRPC_STATUS.unavailable, `the SSH agent ${id} does not answer`);
  } finally {
    socket.destroy();
    await Promise.allSettled([sending]);
  }
}
