import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FileManagerError, formatError } from '../errors.ts';
import { requireSession } from '../sign-in/require-session.ts';
import type { SessionTokens } from '../sign-in/session-token.ts';
import { isArea, parseFilePath } from '../store/file-path.ts';
import type { Expected, FileStore, TextFile } from '../store/file-store.ts';
import { parseInput } from './parse-input.ts';

const AreaSchema = z.object({ area: z.string().refine(isArea, 'there is no such area') });
export const FileParamsSchema = z.object({ area: z.string(), '*': z.string() });
const SaveSchema = z.strictObject({
  text: z.string(),
  /** The version that was edited, `null` for a new file, `"*"` to overwrite whatever is there. */
  baseVersion: z.string().nullable(),
});
const RemoveQuerySchema = z.object({ baseVersion: z.string().default('*') });

export function registerFileRoutes(
  app: FastifyInstance,
  deps: { store: FileStore; tokens: SessionTokens },
): void {
  const { store, tokens } = deps;
  const signedIn = { onRequest: async (request: FastifyRequest) => void requireSession(request, tokens) };

  app.get('/api/files/:area', signedIn, async (request) => {
    const { area } = parseInput(AreaSchema, request.params);
    return store.list(area);
  });

  app.get('/api/files/:area/*', signedIn, async (request) => store.read(filePath(request.params)));

  app.put('/api/files/:area/*', signedIn, async (request, reply) => {
    const file = filePath(request.params);
    const { text, baseVersion } = parseInput(SaveSchema, request.body);
    if (file.kind === 'gguf') {
      throw new FileManagerError('file.type_refused', `${file.display} is a model: upload it instead.`, {
        params: { file: file.display },
      });
    }
    const result = await store.save(file, text, toExpected(baseVersion));
    if (result.kind === 'conflict') return sendConflict(reply, file.display, result.current);
    const { version, size, diagnostics } = result;
    request.log.info({ file: file.display, version, size }, 'saved');
    return { version, size, diagnostics };
  });

  app.delete('/api/files/:area/*', signedIn, async (request, reply) => {
    const file = filePath(request.params);
    const { baseVersion } = parseInput(RemoveQuerySchema, request.query);
    const result = await store.remove(file, toExpected(baseVersion));
    if (result.kind === 'conflict') return sendConflict(reply, file.display, result.current);
    request.log.info({ file: file.display }, 'deleted');
    return reply.status(204).send();
  });
}

export function filePath(params: unknown): ReturnType<typeof parseFilePath> {
  const { area, '*': rest } = parseInput(FileParamsSchema, params);
  return parseFilePath(area, rest);
}

export function toExpected(baseVersion: string | null): Expected {
  if (baseVersion === null) return { kind: 'nothing' };
  return baseVersion === '*' ? { kind: 'any' } : { kind: 'version', version: baseVersion };
}

/** 409 with what is on disk now, so that the page can show both; `current` is null when the file is gone. */
export function sendConflict(reply: FastifyReply, file: string, current: TextFile | null): FastifyReply {
  const message =
    current === null ? `${file} was deleted in the meantime.` : `${file} was changed in the meantime.`;
  const error = new FileManagerError('file.conflict', message, { params: { file } });
  return reply.status(error.status).send({ ...formatError(error), current });
}
