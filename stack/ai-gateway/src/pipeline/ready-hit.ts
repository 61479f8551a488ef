import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ReadyAnswer, type ReadyKey, readyText } from '../cache/ready-answers.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../gateway.ts';
import { endTogether } from '../http/end-together.ts';
import type { JsonObject } from '../json.ts';
import type { Principal } from '../keys/principal.ts';
import { reportRequest } from '../observability/report-request.ts';
import type { TraceContext } from '../observability/trace-context.ts';
import type { GenerationRun } from './generation-run.ts';

const OUTSIDE = ['cache-control', 'x-skilldeck-skills', 'x-skilldeck-conversation'];

/** Under what a ready answer to this request is found; undefined when none may be. */
export function readyKey(
  gateway: Gateway,
  path: string,
  principal: Principal,
  request: FastifyRequest,
): ReadyKey | undefined {
  // `no-cache` and `no-store` are for the slow way, and so is all that changes an answer from outside of the body.
  const { headers, rawBody } = request;
  if (rawBody === '' || OUTSIDE.some((name) => headers[name] !== undefined)) return undefined;
  return { caller: `${path} ${identityOf(principal)}`, text: rawBody, epoch: gateway.epoch };
}

export interface ReadyHit {
  readonly gateway: Gateway;
  readonly ready: ReadyAnswer;
  readonly dialect: Dialect;
  readonly principal: Principal;
  readonly trace: TraceContext | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Sends what was ready, and counts it as any other hit. @throws GatewayError when the key may not ask for more */
export function sendReady({
  dialect,
  gateway,
  principal,
  ready,
  reply,
  request,
  trace,
}: ReadyHit): FastifyReply {
  const ticket = gateway.keys.admit(principal, 0);
  ticket?.settle(undefined);
  const text = readyText(ready, request.id);
  reply.hijack();
  const rawHeaders = [
    ...ready.rawHeaders,
    'x-skilldeck-request-id',
    request.id,
    dialect.errors.requestIdHeader,
    request.id,
    'age',
    String(Math.max(0, Math.round((Date.now() - ready.storedAt) / 1000))),
    ...(ticket === undefined ? [] : Object.entries(ticket.headers).flat()),
  ];
  endTogether(reply.raw, rawHeaders, text, gateway.config.config.timeouts.writeMs);
  reportRequest(gateway, {
    requestId: request.id,
    traceId: trace?.traceId,
    operation: ready.operation,
    model: ready.model,
    backend: ready.backend,
    principal: principal.id,
    skills: ready.skills,
    generation: ready.generation,
    cache: { result: 'HIT', tier: 'memory' },
    attempts: 0,
    status: 200,
    error: undefined,
    cancelled: undefined,
    ms: reply.elapsedTime,
    queuedMs: 0,
    firstTokenMs: undefined,
    tokens: undefined,
  });
  return reply;
}

/** Makes the next request of the same bytes a quick one. */
export function makeReady(
  gateway: Gateway,
  key: ReadyKey | undefined,
  run: GenerationRun,
  words: JsonObject,
): void {
  const { cached } = run;
  if (key === undefined || cached?.result !== 'HIT' || cached.expiresAt === undefined) return;
  const { model, operation } = run.request;
  if (operation === 'chat' && run.request.conversation !== undefined) return;
  const { age: _age, 'x-skilldeck-request-id': _id, ...others } = run.headers;
  const headers = Object.fromEntries(
    Object.entries(others).filter(([name]) => !name.startsWith('x-ratelimit-')),
  );
  const { timings: _timings, ...own } = (words.skilldeck ?? {}) as JsonObject;
  gateway.ready.put(key, words.skilldeck === undefined ? words : { ...words, skilldeck: own }, {
    rawHeaders: Object.entries(headers).flat(),
    backend: headers['x-skilldeck-backend'],
    generation: Number(headers['x-skilldeck-generation']),
    operation,
    model,
    skills: run.skills,
    expiresAt: cached.expiresAt,
    storedAt: cached.storedAt ?? Date.now(),
  });
}

const identities = new WeakMap<Principal, number>();
let lastIdentity = 0;

/** A principal whose key was changed is another one, with rights of its own. */
function identityOf(principal: Principal): number {
  const known = identities.get(principal);
  if (known !== undefined) return known;
  lastIdentity += 1;
  identities.set(principal, lastIdentity);
  return lastIdentity;
}
