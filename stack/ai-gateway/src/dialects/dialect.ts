import type { GatewayError } from '../gateway-error.ts';
import type { JsonObject } from '../json.ts';
import type { GenerationRequest } from '../pipeline/generation-request.ts';
import type { RequestHeaders } from './shapes/shared-options.ts';

/** A server-sent event; without a name it is a plain `data:`. */
export interface SentEvent {
  readonly event?: string;
  /** One line. */
  readonly data: string;
}

/** The events of one streamed answer, in order. */
export interface DialectStream {
  /** What a chunk of the common form (OpenAI's) becomes; nothing, one or several events. */
  chunk(chunk: JsonObject): readonly SentEvent[];
  /** What ends a complete answer. */
  end(): readonly SentEvent[];
  /** What ends an incomplete one: the status has long been sent, and a bare hang-up would pass for a complete answer. */
  fail(error: GatewayError): readonly SentEvent[];
}

/** What an answer is given the caller with, besides the backend's words. */
export interface AnswerContext {
  readonly requestId: string;
  /** The model as the caller named it. */
  readonly model: string | undefined;
  readonly request: GenerationRequest;
  /** The caller's own body, for APIs that echo it. */
  readonly body: JsonObject;
}

/** How an API tells of failures. */
export interface ErrorForm {
  envelope(error: GatewayError, requestId: string): JsonObject;
  status(error: GatewayError): number;
  /** The response header in which the API's own clients look for the request's id. */
  readonly requestIdHeader: string;
}

/** One HTTP API: how its requests become the common form, and how common answers become its own. Pure. */
export interface Dialect {
  readonly name: 'chat-completions' | 'completions' | 'embeddings' | 'responses' | 'messages';
  readonly errors: ErrorForm;
  /** @throws GatewayError `invalid_request` and the like */
  parse(body: unknown, headers: RequestHeaders): GenerationRequest;
  whole(body: JsonObject, context: AnswerContext): JsonObject;
  stream(context: AnswerContext): DialectStream;
}
