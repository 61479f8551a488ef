import type { GatewayProvider } from '../gateway/gateway-connection.ts';
import type { AnswerClient, AnswerPart, Question } from './answer-client.ts';

/** The answer client, loaded with the first question: a start must not pay for the OpenAI library. */
export class LateAnswerClient implements Pick<AnswerClient, 'ask' | 'dispose'> {
  readonly #connection: GatewayProvider;
  #client: Promise<AnswerClient> | undefined;

  constructor(connection: GatewayProvider) {
    this.#connection = connection;
  }

  async *ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerPart, void, void> {
    this.#client ??= import('./answer-client.ts').then((module) => new module.AnswerClient(this.#connection));
    yield* (await this.#client).ask(question, signal);
  }

  async dispose(): Promise<void> {
    await (await this.#client)?.dispose();
  }
}
