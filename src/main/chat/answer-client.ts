import { ChatExtensionSchema } from '@skilldeck/agent-skills';
import OpenAI from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources';
import { Agent, fetch as undiciFetch } from 'undici';
import type { AnswerFacts, SkillSelection } from '../../shared/chat/chat-contract.ts';
import type { GatewayConnection, GatewayProvider } from '../gateway/gateway-connection.ts';
import { notRunningFault } from '../gateway/gateway-faults.ts';
import { answerFault, cutFault } from './answer-faults.ts';

export interface Question {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
  readonly skills: SkillSelection;
  readonly model: string | undefined;
}

export type AnswerPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: Partial<AnswerFacts> };

/** Until the first byte; loading a model and waiting in the queue count. */
const FIRST_BYTE_LIMIT_MS = 300_000;
/** The gateway sends a sign of life every 15 s. */
const IDLE_LIMIT_MS = 90_000;

interface Wire {
  readonly connection: GatewayConnection;
  readonly client: OpenAI;
  readonly agent: Agent;
}

/** Asks the gateway the way any OpenAI client does, plus the field `skills`, and reads what it says about the answer. */
export class AnswerClient {
  readonly #connection: GatewayProvider;
  #wire: Wire | undefined;

  constructor(connection: GatewayProvider) {
    this.#connection = connection;
  }

  /** Ends when the answer is complete. Throws an AppError: `gateway.*`, `upstream.*`, `cancelled`. */
  async *ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerPart, void, void> {
    try {
      const { client } = this.#open();
      const model = question.model ?? (await firstModel(client, signal));
      const { data, response } = await client.chat.completions
        .create(toRequest(question, model), { signal })
        .withResponse();
      yield { kind: 'facts', facts: { model, ...headerFacts(response.headers) } };
      let isFinished = false;
      for await (const chunk of data) {
        const choice = chunk.choices[0];
        if (choice?.delta.content) yield { kind: 'text', text: choice.delta.content };
        if (choice?.finish_reason) isFinished = true;
        const facts = chunkFacts(chunk);
        if (facts !== undefined) yield { kind: 'facts', facts };
      }
      signal.throwIfAborted();
      // The library takes the end of the connection for the end of the answer.
      if (!isFinished) throw cutFault();
    } catch (error) {
      throw answerFault(error, FIRST_BYTE_LIMIT_MS / 1000);
    }
  }

  async dispose(): Promise<void> {
    await this.#wire?.agent.destroy();
    this.#wire = undefined;
  }

  #open(): Wire {
    const connection = this.#connection();
    if (connection === undefined) throw notRunningFault();
    if (this.#wire !== undefined && isSame(this.#wire.connection, connection)) return this.#wire;
    void this.#wire?.agent.close();
    const agent = new Agent({
      headersTimeout: FIRST_BYTE_LIMIT_MS,
      bodyTimeout: IDLE_LIMIT_MS,
      connect: connection.ca === undefined ? {} : { ca: connection.ca },
    });
    // Two type declarations of the same standard: the package's own and the one of Node.
    const send = ((url: string, init: object) =>
      undiciFetch(url, { ...init, dispatcher: agent })) as unknown as typeof fetch;
    const client = new OpenAI({
      baseURL: connection.chatBaseUrl,
      apiKey: connection.apiKey,
      fetch: send,
      timeout: FIRST_BYTE_LIMIT_MS,
      // The gateway retries where it is safe; a second question here could be a second answer.
      maxRetries: 0,
      // The key of an OpenAI account in the environment must not change where this goes.
      organization: null,
      project: null,
    });
    this.#wire = { connection, client, agent };
    return this.#wire;
  }
}

function toRequest(question: Question, model: string): ChatCompletionCreateParamsStreaming {
  const request = {
    model,
    messages: question.messages.map(({ role, content }) => ({ role, content })),
    stream: true as const,
    stream_options: { include_usage: true },
    skills: question.skills,
  };
  return request;
}

async function firstModel(client: OpenAI, signal: AbortSignal): Promise<string> {
  const { data } = await client.models.list({ signal });
  return data[0]?.id ?? 'default';
}

function headerFacts(headers: Headers): Partial<AnswerFacts> {
  const requestId = headers.get('x-request-id') ?? headers.get('x-skilldeck-request-id');
  const generation = headers.get('x-skilldeck-generation');
  const skills = headers.get('x-skilldeck-skills');
  const backend = headers.get('x-skilldeck-backend');
  return {
    ...(requestId === null ? {} : { requestId }),
    ...(generation === null || Number.isNaN(Number(generation)) ? {} : { generation: Number(generation) }),
    ...(skills === null ? {} : { skills: skills.split(/[\s,]+/).filter((name) => name !== '') }),
    ...(backend === null ? {} : { backend }),
  };
}

function chunkFacts(chunk: ChatCompletionChunk): Partial<AnswerFacts> | undefined {
  const extension = ChatExtensionSchema.safeParse((chunk as { skilldeck?: unknown }).skilldeck);
  const usage = chunk.usage ?? undefined;
  if (!extension.success && usage === undefined) return undefined;
  const { timings, ...said } = extension.success ? extension.data : { timings: undefined };
  return {
    ...said,
    ...(timings === undefined ? {} : { queuedMs: timings.queuedMs, totalMs: timings.totalMs }),
    ...(timings?.firstTokenMs === undefined ? {} : { firstTokenMs: timings.firstTokenMs }),
    ...(usage === undefined
      ? {}
      : { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }),
  };
}

function isSame(a: GatewayConnection, b: GatewayConnection): boolean {
  return a.chatBaseUrl === b.chatBaseUrl && a.apiKey === b.apiKey && a.ca === b.ca;
}
