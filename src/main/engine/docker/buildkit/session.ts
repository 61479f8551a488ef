import { randomUUID } from 'node:crypto';
import type { DockerApi } from '../docker-api.ts';
import { isAbort, statusOf } from '../engine-errors.ts';
import { type GrpcHandler, serveGrpc } from './grpc-server.ts';
import { writeProto } from './protobuf.ts';

export interface BuildSession {
  readonly id: string;
  readonly close: () => void;
}

export interface SessionInput {
  /** What the builder may ask of this machine, by `/package.Service/Method`. */
  readonly handlers: ReadonlyMap<string, GrpcHandler>;
  /** Builds with the same key share what the engine keeps of their folders, so that only changes are sent. */
  readonly sharedKey: string;
  readonly signal: AbortSignal;
}

const SERVING = 1;
const health: GrpcHandler = (call) => call.send(writeProto([1, SERVING]));

/**
 * Opens the way back from BuildKit to this machine: for files, secrets, logins.
 *
 * Undefined where the engine has no such call (Podman, Windows containers). API 1.53 deprecates it but still has it.
 */
export async function openBuildSession(
  api: DockerApi,
  { handlers, sharedKey, signal }: SessionInput,
): Promise<BuildSession | undefined> {
  const id = randomUUID().replaceAll('-', '');
  const all = new Map([...handlers, ['/grpc.health.v1.Health/Check', health] as const]);
  try {
    const socket = await api.upgrade({
      method: 'POST',
      path: '/session',
      headers: {
        Upgrade: 'h2c',
        'X-Docker-Expose-Session-Uuid': id,
        'X-Docker-Expose-Session-Name': 'skilldeck',
        'X-Docker-Expose-Session-Sharedkey': sharedKey,
        'X-Docker-Expose-Session-Grpc-Method': [...all.keys()],
      },
      signal,
    });
    if (socket === undefined) return undefined;
    const server = serveGrpc(socket, all);
    return { id, close: server.close };
  } catch (error) {
    // A refusal (404, 405, 501 …) says that there is no BuildKit here; a lost connection says nothing.
    if (!isAbort(error) && statusOf(error) !== undefined) return undefined;
    throw error;
  }
}
