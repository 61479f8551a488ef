import type { MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FileManagerConfig } from '../config.ts';
import { FileManagerError } from '../errors.ts';
import { requireSession } from '../sign-in/require-session.ts';
import type { SessionTokens } from '../sign-in/session-token.ts';
import { decodeText } from '../store/content-check.ts';
import type { FilePath } from '../store/file-path.ts';
import type { FileStore } from '../store/file-store.ts';
import { filePath, sendConflict } from './file-routes.ts';
import { parseInput } from './parse-input.ts';

interface UploadDeps {
  readonly store: FileStore;
  readonly tokens: SessionTokens;
  readonly config: FileManagerConfig;
}

const QuerySchema = z.object({ overwrite: z.enum(['true', 'false']).default('false') });

/** Takes one file as multipart; the address, not the name inside the form, says where it goes. */
export function registerUploadRoutes(app: FastifyInstance, { store, tokens, config }: UploadDeps): void {
  app.post(
    '/api/files/:area/*',
    { onRequest: async (request) => void requireSession(request, tokens) },
    async (request, reply) => {
      const file = filePath(request.params);
      const overwrite = parseInput(QuerySchema, request.query).overwrite === 'true';
      const part = await onlyFile(request, file, config);
      if (file.kind === 'gguf') {
        const result = await store.receiveModel(file, part.file, {
          overwrite,
          expectedBytes: announcedBytes(request),
          verifyComplete: () => refuseTruncated(part, file),
        });
        request.log.info({ file: file.display, size: result.size }, 'uploaded');
        return reply.status(201).send({ size: result.size, version: null, diagnostics: [] });
      }
      const bytes = await collect(part, file);
      const result = await store.save(file, decodeText(bytes, file.display), {
        kind: overwrite ? 'any' : 'nothing',
      });
      if (result.kind === 'conflict') return sendConflict(reply, file.display, result.current);
      request.log.info({ file: file.display, version: result.version, size: result.size }, 'uploaded');
      return reply
        .status(201)
        .send({ size: result.size, version: result.version, diagnostics: result.diagnostics });
    },
  );
}

async function onlyFile(
  request: FastifyRequest,
  file: FilePath,
  config: FileManagerConfig,
): Promise<MultipartFile> {
  const fileSize = file.kind === 'gguf' ? config.modelLimitBytes : config.textLimitBytes;
  const part = await request.file({ limits: { fileSize }, throwFileSizeLimit: false });
  if (part === undefined) throw new FileManagerError('input.invalid', 'The form holds no file.');
  return part;
}

/** A text is small by its limit, so it may be held in memory whole. */
async function collect(part: MultipartFile, file: FilePath): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of part.file) chunks.push(chunk as Buffer);
  refuseTruncated(part, file);
  return Buffer.concat(chunks);
}

function refuseTruncated(part: MultipartFile, file: FilePath): void {
  if (!part.file.truncated) return;
  throw new FileManagerError('file.too_large', `${file.display} is larger than this service takes.`, {
    params: { file: file.display },
  });
}

/** The form's own lines make it a little more than the file; good enough to refuse what cannot fit. */
function announcedBytes(request: FastifyRequest): number | undefined {
  const length = Number(request.headers['content-length']);
  const FORM_BYTES = 1024;
  return Number.isFinite(length) && length > FORM_BYTES ? length - FORM_BYTES : undefined;
}
