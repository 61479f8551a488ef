import type { JsonObject } from '../../json.ts';
import type { TokenCounts } from '../answers/read-choice.ts';
import type { AnswerContext } from '../dialect.ts';

export type ResponseStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed';

export interface ResponseState {
  readonly status: ResponseStatus;
  readonly createdAt: number;
  readonly model: unknown;
  readonly output: readonly JsonObject[];
  readonly usage?: TokenCounts | undefined;
  /** What the model server said about the end. */
  readonly finishReason?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly extension?: unknown;
}

const ECHOED = [
  'max_output_tokens',
  'max_tool_calls',
  'prompt_cache_key',
  'safety_identifier',
  'temperature',
  'top_p',
];

/** The object that stands for an answer, whole or in the events of a stream. It echoes what was asked for. */
export function toResponse(state: ResponseState, context: AnswerContext): JsonObject {
  const { body } = context;
  const { createdAt, error, extension, finishReason, output, status, usage } = state;
  return {
    id: idOf('resp', context),
    object: 'response',
    created_at: createdAt,
    status,
    completed_at: status === 'completed' ? Math.max(createdAt, Math.floor(Date.now() / 1000)) : null,
    background: false,
    error: error ?? null,
    incomplete_details: status === 'incomplete' ? { reason: incompleteReason(finishReason) } : null,
    instructions: body.instructions ?? null,
    ...Object.fromEntries(ECHOED.map((name) => [name, body[name] ?? null])),
    metadata: body.metadata ?? {},
    model: context.model ?? state.model ?? '',
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: body.reasoning ?? { effort: null, summary: null },
    service_tier: body.service_tier ?? 'default',
    // Nothing is kept, whatever was asked for.
    store: false,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_logprobs: body.top_logprobs ?? 0,
    truncation: 'disabled',
    usage: usage === undefined ? null : toUsage(usage),
    user: body.user ?? null,
    ...(extension === undefined ? {} : { skilldeck: extension }),
  };
}

export function idOf(prefix: string, { requestId }: AnswerContext, index?: number): string {
  const base = `${prefix}_${requestId.replace(/^req_/, '')}`;
  return index === undefined ? base : `${base}_${index}`;
}

export function statusOf(finishReason: unknown): 'completed' | 'incomplete' {
  return finishReason === 'length' || finishReason === 'content_filter' ? 'incomplete' : 'completed';
}

function incompleteReason(finishReason: unknown): string {
  return finishReason === 'content_filter' ? 'content_filter' : 'max_output_tokens';
}

function toUsage({ cached, input, output, reasoning }: TokenCounts): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}
