import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface TaggedText {
  readonly type: string;
  readonly cacheControl: string;
  readonly text: string;
}

/** Sends a text with its strong ETag; one who has it already gets no body. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { cacheControl, text, type }: TaggedText,
): FastifyReply {
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  reply.headers({ etag: tag, 'cache-control': cacheControl });
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(tag) || known.includes('*')) return reply.code(304).send();
  return reply.type(`${type}; charset=utf-8`).send(text);
}
