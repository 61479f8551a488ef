import type { BackendAnswer } from '../backends/backend.ts';
import { answerChunks, objectsIn } from '../dialects/answers/answer-chunks.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { ChatGeneration, ChatMessage } from '../pipeline/generation-request.ts';
import { CallerView, withoutCalls } from './caller-view.ts';
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
    if (others.length > 0 || round > MAX_ROUNDS) return withoutOurs(body, loop.tools);
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
  let chunks: AsyncIterable<JsonObject> | Iterable<JsonObject> = first;
  let { messages } = loop.request;
  let usage: unknown;
  for (let round = 1; ; round += 1) {
    const isLast = round > MAX_ROUNDS;
    const collector = new AnswerCollector();
    const view = new CallerView((name) => loop.tools.owns(name), isLast);
    for await (const chunk of chunks) {
      collector.add(chunk);
      const seen = view.of(chunk);
      if (seen !== undefined) yield { ...seen, ...addUsage(usage, seen.usage) };
    }
    const body = collector.body();
    const { others, ours } = callsOf(body, loop.tools);
    if (ours.length === 0 || others.length > 0 || isLast) return;
    messages = [...messages, messageOf(body), ...(await results(ours, loop.tools))];
    usage = addUsage(usage, body.usage).usage;
    const answer = await loop.call(nextRequest(loop, messages, round));
    chunks = answer.kind === 'stream' ? answer.chunks : answerChunks(answer.body);
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

/** One after the other: what the first takes is not left for the next. */
async function results(calls: readonly ToolCall[], tools: SkillTools): Promise<ChatMessage[]> {
  const told: ChatMessage[] = [];
  for (const { arguments: text, id, name } of calls)
    told.push({ role: 'tool', tool_call_id: id, content: await tools.run(name, text) });
  return told;
}

function messageOf(body: JsonObject): ChatMessage {
  const { content, tool_calls: calls } = firstMessage(body);
  return { role: 'assistant', content: typeof content === 'string' ? content : null, tool_calls: calls };
}

function withoutOurs(body: JsonObject, tools: SkillTools): JsonObject {
  const choices = objectsIn(body.choices).map((choice) => {
    const { tool_calls: _calls, ...words } = isJsonObject(choice.message) ? choice.message : {};
    const kept = toolCalls(choice.message).filter(
      (call) => !tools.owns(isJsonObject(call.function) ? call.function.name : undefined),
    );
    return kept.length === 0
      ? { ...choice, message: words, finish_reason: withoutCalls(choice.finish_reason) }
      : { ...choice, message: { ...words, tool_calls: kept } };
  });
  return { ...body, choices };
}

async function collect(chunks: AsyncIterable<JsonObject>): Promise<JsonObject> {
  const collector = new AnswerCollector();
  for await (const chunk of chunks) collector.add(chunk);
  return collector.body();
}

function firstMessage(body: JsonObject): JsonObject {
  const message = objectsIn(body.choices)[0]?.message;
  return isJsonObject(message) ? message : {};
}

function toolCalls(message: unknown): readonly JsonObject[] {
  return isJsonObject(message) ? objectsIn(message.tool_calls) : [];
}

/** Tokens of all rounds together: that is what was computed. */
function addUsage(before: unknown, now: unknown): { usage?: JsonObject } {
  if (!isJsonObject(before)) return isJsonObject(now) ? { usage: now } : {};
  if (!isJsonObject(now)) return {};
  const sum = (name: string): number => Number(before[name] ?? 0) + Number(now[name] ?? 0);
  const names = ['prompt_tokens', 'completion_tokens', 'total_tokens'];
  return { usage: { ...now, ...Object.fromEntries(names.map((name) => [name, sum(name)])) } };
}
