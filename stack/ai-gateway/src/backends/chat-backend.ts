import type { GatewayModel } from '@skilldeck/agent-skills';
import type { ChatMessage } from '../chat/chat-request.ts';
import type { GatewayErrorCode } from '../errors.ts';

export type JsonObject = Record<string, unknown>;

export interface ChatCall {
  readonly requestId: string;
  /** Request fields as sent by the caller, without those of the gateway. `messages` and `model` are replaced by the two below. */
  readonly fields: Readonly<JsonObject>;
  readonly messages: readonly ChatMessage[];
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly signal: AbortSignal;
}

/** An answer in the OpenAI wire format. The backend has ended when `chunks` has. */
export type ChatAnswer =
  | { readonly kind: 'whole'; readonly body: JsonObject }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<JsonObject> };

export type BackendState =
  | { readonly kind: 'loading'; readonly message: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unavailable'; readonly code: GatewayErrorCode; readonly message: string };

/** Something that answers chat requests. */
export interface ChatBackend {
  readonly name: string;
  readonly kind: 'llama-cpp' | 'openai';
  readonly concurrency: number;
  readonly state: BackendState;
  /** The model used when the request names none, as far as known. */
  readonly model: GatewayModel | undefined;
  readonly models: readonly string[];
  /** Whether a model nobody has listed may be asked for all the same. */
  readonly takesAnyModel: boolean;
  chat(call: ChatCall): Promise<ChatAnswer>;
  dispose(): Promise<void>;
}
