import type { Credentials } from '../credential-helper.ts';
import type { RegistryCredentials } from '../registry-credentials.ts';
import { normaliseRegistry } from '../registry-name.ts';
import type { GrpcHandler } from './grpc-server.ts';
import { readProto, writeProto } from './protobuf.ts';

/**
 * `moby.filesync.v1.Auth`: logins for the registries that the builder pulls base images from, when it asks.
 *
 * Its newer calls (tokens) are left out; the builder then fetches tokens itself.
 */
export function authHandlers(
  credentials: RegistryCredentials | undefined,
  signal: AbortSignal,
): ReadonlyMap<string, GrpcHandler> {
  return new Map([
    [
      '/moby.filesync.v1.Auth/Credentials',
      async (call) => {
        for await (const message of call.messages) {
          const host = normaliseRegistry(readProto(message).text(1));
          const answer = (await credentials?.forRegistry(host, signal)) ?? { kind: 'none' };
          return call.send(toMessage(answer));
        }
      },
    ],
  ]);
}

function toMessage(credentials: Credentials): Buffer {
  if (credentials.kind !== 'found') return writeProto();
  const { username, password, identitytoken } = credentials.auth;
  // A token without a user name is how the builder knows it for one.
  return identitytoken === undefined
    ? writeProto([1, username], [2, password])
    : writeProto([2, identitytoken]);
}
