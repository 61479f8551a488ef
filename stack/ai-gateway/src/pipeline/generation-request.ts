import type { SkillSelection } from '@skilldeck/agent-skills';
import type { JsonObject } from '../json.ts';

/** Values of `gen_ai.operation.name` (OpenTelemetry GenAI conventions). */
export type Operation = 'chat' | 'text_completion' | 'embeddings';

/** A message of OpenAI's chat completions: the common form that every dialect is turned into. */
export interface ChatMessage extends JsonObject {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?: string | readonly unknown[] | null | undefined;
}

interface Wish {
  /** As the caller wrote it: a model, an alias, a backend, `backend/model`; undefined: the default. */
  readonly model: string | undefined;
  /**
   * All other fields, in the terms of the OpenAI operation. They are handed on to upstreams untouched, unknown ones
   * included; those that only the gateway understands are not among them.
   */
  readonly fields: Readonly<JsonObject>;
  readonly stream: boolean;
}

export interface ChatGeneration extends Wish {
  readonly operation: 'chat';
  readonly messages: readonly ChatMessage[];
  /** Undefined: what the key, then the configuration says. */
  readonly skills: SkillSelection | undefined;
  /** Requests of one conversation keep the skills that its first one had. */
  readonly conversation: string | undefined;
}

export interface TextGeneration extends Wish {
  readonly operation: 'text_completion';
  /** A text, texts, tokens or lists of tokens. */
  readonly prompt: unknown;
}

export interface EmbeddingGeneration extends Wish {
  readonly operation: 'embeddings';
  readonly input: unknown;
}

/** What a caller wants, whichever API it came through. */
export type GenerationRequest = ChatGeneration | TextGeneration | EmbeddingGeneration;

/** `Cache-Control` of the request: `no-store` asks for a fresh answer that is not kept, `no-cache` for a fresh one. */
export type CacheDirective = 'default' | 'no-cache' | 'no-store';

/** Interactive requests go before batch ones. */
export type Priority = 'interactive' | 'batch';
