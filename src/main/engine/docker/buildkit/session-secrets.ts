import { readFile, stat } from 'node:fs/promises';
import { GRPC_STATUS, GrpcError, type GrpcHandler } from './grpc-server.ts';
import { readProto, writeProto } from './protobuf.ts';

/** BuildKit's own limit. */
const MAX_SECRET_BYTES = 500 * 1024;

export type BuildSecret =
  | { readonly id: string; readonly kind: 'file'; readonly path: string }
  | { readonly id: string; readonly kind: 'value'; readonly value: string };

/** `moby.buildkit.secrets.v1.Secrets`: read when a step mounts it, and only those that the service names. */
export function secretHandlers(secrets: readonly BuildSecret[]): ReadonlyMap<string, GrpcHandler> {
  return new Map([
    [
      '/moby.buildkit.secrets.v1.Secrets/GetSecret',
      async (call) => {
        for await (const message of call.messages) {
          const id = readProto(message).text(1);
          const secret = secrets.find((one) => one.id === id);
          if (!secret) throw new GrpcError(GRPC_STATUS.notFound, `secret ${id} not found`);
          return call.send(writeProto([1, await readSecret(secret)]));
        }
      },
    ],
  ]);
}

async function readSecret(secret: BuildSecret): Promise<Buffer> {
  if (secret.kind === 'value') return Buffer.from(secret.value);
  const { size } = await stat(secret.path).catch(() => {
    throw new GrpcError(GRPC_STATUS.notFound, `the file of secret ${secret.id} cannot be read`);
  });
  if (size > MAX_SECRET_BYTES) throw new GrpcError(GRPC_STATUS.unknown, `secret ${secret.id} is too large`);
  return readFile(secret.path);
}
