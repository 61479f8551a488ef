import type { BackendAnswer } from '../backends/backend.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { ChatGeneration, ChatMessage } from '../pipeline/generation-request.ts';
import type { SkillTools } from './skill-tools.ts';

/** How often a model may take skills before it has to answer. */
const MAX_ROUNDS = 5;

export interface ActivationLoop {
  readonly request: ChatGeneration;
  readonly tools: SkillTools;
  /** One call to a backend, from its slot to its end. */
  readonly call: (request: ChatGeneration) => Promise<BackendAnswer>;
}

interface ToolCall {
  readonly id: unknown;
  readonly name: string;
  readonly arguments: string;
}

/**
 * Answers a request whose model takes its skills by tool calls: those are answered here, until the model has an answer, or
 * a call to one of the caller's own tools.
 */
export async function answerWithSkills(loop: ActivationLoop): Promise<BackendAnswer> {
  const first = await loop.call(withTools(loop.request, loop.tools));
  if (first.kind === 'whole') return { kind: 'whole', body: await wholeRounds(loop, first.body) };
  return { kind: 'stream', chunks: streamRounds(loop, first.chunks) };
}

async function wholeRounds(loop: ActivationLoop, first: JsonObject): Promise<JsonObject> {
  let body = first;
  let { messages } = loop.request;
  for (let round = 1; ; round += 1) {
    const { others, ours } = callsOf(body, loop.tools);
    if (ours.length === 0) return body;
    if (others.length > 0) return withoutOurs(body, loop.tools);
    messages = [...messages, messageOf(body), ...(await results(ours, loop.tools))];
    const usage = body.usage;
    const answer = await loop.call(nextRequest(loop, messages, round));
    body = answer.kind === 'whole' ? answer.body : await collect(answer.chunks);
    body = { ...body, ...addUsage(usage, body.usage) };
  }
}

async function* streamRounds(
  loop: ActivationLoop,
  first: AsyncIterable<JsonObject>,
): AsyncGenerator<JsonObject> {
  let chunks = first;
  let { messages } = loop.request;
  let usage: unknown;
  for (let round = 1; ; round += 1) {
    const collector = new AnswerCollector();
    let holdsBack = false;
    for await (const chunk of chunks) {
      collector.add(chunk);
      holdsBack ||= namesOurs(chunk, loop.tools);
      // Words go out at once; from the first call of ours on, what it becomes is decided at the end.
      if (!holdsBack) yield { ...chunk, ...addUsage(usage, chunk.usage) };
    }
    if (!holdsBack) return;
    const body = collector.body();
    const { others, ours } = callsOf(body, loop.tools);
    if (others.length > 0) {
      yield* lastChunks(withoutOurs(body, loop.tools), usage);
      return;
    }
    messages = [...messages, messageOf(body), ...(await results(ours, loop.tools))];
    usage = addUsage(usage, body.usage).usage;
    const answer = await loop.call(nextRequest(loop, messages, round));
    if (answer.kind === 'stream') chunks = answer.chunks;
    else {
      yield* lastChunks(answer.body, usage);
      return;
    }
  }
}

function withTools(request: ChatGeneration, tools: SkillTools): ChatGeneration {
  const own = Array.isArray(request.fields.tools) ? (request.fields.tools as unknown[]) : [];
  return { ...request, fields: { ...request.fields, tools: [...own, ...tools.definitions] } };
}

function nextRequest(
  { request, tools }: ActivationLoop,
  messages: readonly ChatMessage[],
  round: number,
): ChatGeneration {
  const next = { ...request, messages };
  return round < MAX_ROUNDS ? withTools(next, tools) : next;
}

function callsOf(
  body: JsonObject,
  tools: SkillTools,
): { ours: readonly ToolCall[]; others: readonly ToolCall[] } {
  const calls = toolCalls(firstMessage(body)).map((call): ToolCall => {
    const given = isJsonObject(call.function) ? call.function : {};
    return { id: call.id, name: String(given.name), arguments: String(given.arguments ?? '') };
  });
  return {
    ours: calls.filter(({ name }) => tools.owns(name)),
    others: calls.filter(({ name }) => !tools.owns(name)),
  };
}

async function results(calls: readonly ToolCall[], tools: SkillTools): Promise<ChatMessage[]> {
  return Promise.all(
    calls.map(
      async ({ arguments: text, id, name }): Promise<ChatMessage> => ({
        role: 'tool',
        tool_call_id: id,
        content: await tools.run(name, text),
      }),
    ),
  );
}

function messageOf(body: JsonObject): ChatMessage {
  const { content, tool_calls: calls } = firstMessage(body);
  return { role: 'assistant', content: typeof content === 'string' ? content : null, tool_calls: calls };
}

function withoutOurs(body: JsonObject, tools: SkillTools): JsonObject {
  const choices = (body.choices as JsonObject[]).map((choice) => {
    const message = isJsonObject(choice.message) ? choice.message : {};
    const kept = toolCalls(message).filter(
      (call) => !tools.owns(isJsonObject(call.function) ? call.function.name : undefined),
    );
    return { ...choice, message: { ...message, tool_calls: kept } };
  });
  return { ...body, choices };
}

function* lastChunks(body: JsonObject, usage: unknown): Generator<JsonObject> {
  const choice = (body.choices as JsonObject[] | undefined)?.[0];
  const { choices: _choices, usage: _usage, object: _object, ...head } = body;
  const frame = { ...head, object: 'chat.completion.chunk' };
  const { content: _content, ...rest } = firstMessage(body);
  const calls = toolCalls(rest).map((call, index) => ({ index, ...call }));
  const delta = calls.length === 0 ? firstMessage(body) : { ...rest, tool_calls: calls };
  yield { ...frame, choices: [{ index: 0, delta, finish_reason: null }] };
  yield { ...frame, choices: [{ index: 0, delta: {}, finish_reason: choice?.finish_reason ?? 'stop' }] };
  const total = addUsage(usage, body.usage);
  if (total.usage !== undefined) yield { ...frame, choices: [], ...total };
}

async function collect(chunks: AsyncIterable<JsonObject>): Promise<JsonObject> {
  const collector = new AnswerCollector();
  for await (const chunk of chunks) collector.add(chunk);
  return collector.body();
}

function namesOurs(chunk: JsonObject, tools: SkillTools): boolean {
  const [choice] = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
  const delta = isJsonObject(choice) && isJsonObject(choice.delta) ? choice.delta : {};
  return toolCalls(delta).some((call) =>
    tools.owns(isJsonObject(call.function) ? call.function.name : undefined),
  );
}

function firstMessage(body: JsonObject): JsonObject {
  const [choice] = Array.isArray(body.choices) ? (body.choices as unknown[]) : [];
  return isJsonObject(choice) && isJsonObject(choice.message) ? choice.message : {};
}

function toolCalls({ tool_calls: calls }: JsonObject): readonly JsonObject[] {
  return Array.isArray(calls) ? calls.filter(isJsonObject) : [];
}

/** Tokens of all rounds together: that is what was computed. */
function addUsage(before: unknown, now: unknown): { usage?: JsonObject } {
  if (!isJsonObject(before)) return isJsonObject(now) ? { usage: now } : {};
  if (!isJsonObject(now)) return {};
  const sum = (name: string): number => Number(before[name] ?? 0) + Number(now[name] ?? 0);
  const names = ['prompt_tokens', 'completion_tokens', 'total_tokens'];
  return { usage: { ...now, ...Object.fromEntries(names.map((name) => [name, sum(name)])) } };
}
