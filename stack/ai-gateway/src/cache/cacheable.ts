import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { GenerationRequest } from '../pipeline/generation-request.ts';

/** Which requests may be answered from the cache. */
export type CachePolicy = 'off' | 'deterministic' | 'all';

export interface CacheKeyParts {
  /** Whose answers these are; callers of another scope never get them. */
  readonly scope: string;
  /** Who may answer: backends, their models and the models' digests. */
  readonly target: string;
  /** With the skills applied, so that an edited skill is another request. */
  readonly request: GenerationRequest;
  /** Hash of the skills that a model may take while it answers; undefined where those applied are in the request. */
  readonly skills: string | undefined;
}

/** Fields that change how an answer is sent, not what it says. */
const TRANSPORT_FIELDS: ReadonlySet<string> = new Set([
  'stream_options',
  'user',
  'safety_identifier',
  'metadata',
  'store',
  'service_tier',
]);

/** Whether asking again would give the same answer, as far as the request can say so. */
export function isDeterministic(request: GenerationRequest): boolean {
  if (request.operation === 'embeddings') return true;
  const { seed, temperature } = request.fields;
  return temperature === 0 || typeof seed === 'number';
}

/** SHA-256 of all that an answer depends on; the order of keys does not count. */
export function cacheKey({ request, scope, skills, target }: CacheKeyParts): string {
  const fields = Object.fromEntries(
    Object.entries(request.fields).filter(([name]) => !TRANSPORT_FIELDS.has(name)),
  );
  const parts = [scope, request.operation, target, skills ?? null, inputOf(request), fields];
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/** Only a whole, ordinary end is worth keeping: what was cut or calls a tool depends on more than the request. */
export function isStorable(body: JsonObject): boolean {
  if (body.error !== undefined) return false;
  if (body.object === 'list') return Array.isArray(body.data);
  const { choices } = body;
  if (!Array.isArray(choices) || choices.length === 0) return false;
  return choices.every((choice: unknown) => {
    if (!isJsonObject(choice) || choice.finish_reason !== 'stop') return false;
    const message = isJsonObject(choice.message) ? choice.message : {};
    return message.tool_calls === undefined && message.function_call === undefined;
  });
}

function inputOf(request: GenerationRequest): unknown {
  switch (request.operation) {
    case 'chat':
      return request.messages;
    case 'text_completion':
      return request.prompt;
    case 'embeddings':
      return request.input;
  }
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
