import type { JsonObject } from '../../json.ts';
import type { ChatGeneration, ChatMessage } from '../../pipeline/generation-request.ts';
import { invalidBody } from '../invalid-body.ts';
import { gatewayOptions, type RequestHeaders, withUsage } from '../shapes/shared-options.ts';
import { refuseFields, refuseSeveralAnswers, unsupported, without } from '../unsupported.ts';
import { type MessagesRequest, MessagesRequestSchema } from './messages-request.ts';
import { toChatMessages, toSystemText } from './to-chat-messages.ts';

/** Anthropic's own; what stands for them in chat completions is made here. All others are passed on. */
const OWN_FIELDS = new Set([
  ...[
    'model',
    'messages',
    'system',
    'stream',
    'stop_sequences',
    'tools',
    'tool_choice',
    'thinking',
    'metadata',
  ],
  ...[
    'output_config',
    'output_format',
    'skills',
    'conversation',
    'cache_control',
    'service_tier',
    'speed',
    'betas',
  ],
  // Accounts and diagnoses of Anthropic's platform: without them the answer is the same.
  ...['context_management', 'diagnostics', 'user_profile_id', 'workspace_id', 'billing_policy'],
]);

/** A null or a missing one asks for nothing. */
const NOT_HERE = {
  thread: 'hold conversations between requests ("thread"): send the whole conversation as "messages"',
  container: 'run code in containers ("container")',
  mcp_servers: 'call MCP servers ("mcp_servers")',
  inference_geo: 'promise where an answer is made ("inference_geo")',
  compaction: 'shorten a conversation ("compaction")',
  fallbacks: 'take fallbacks from a request ("fallbacks"); its configuration names them',
};

export function parseMessagesRequest(body: unknown, headers: RequestHeaders): ChatGeneration {
  const parsed = MessagesRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"messages"');
  const request = parsed.data;
  refuseFields(request, NOT_HERE);
  refuseSeveralAnswers(request);
  refuseContextEdits(request.context_management);
  if (request.speed === 'fast') throw unsupported('make an answer faster ("speed")', 'speed');
  if (request.output_config?.task_budget != null)
    throw unsupported('keep a budget for a task ("task_budget")', 'output_config.task_budget');
  const stream = request.stream === true;
  const system = toSystemText(request.system);
  const messages: ChatMessage[] = system === '' ? [] : [{ role: 'system', content: system }];
  for (const [index, message] of request.messages.entries())
    messages.push(...toChatMessages(message, `messages.${index}`));
  const fields = {
    ...without(request, OWN_FIELDS),
    ...toChatTools(request),
    ...toChatOptions(request),
  };
  return {
    operation: 'chat',
    model: request.model ?? undefined,
    messages,
    ...gatewayOptions(request, headers),
    stream,
    fields: withUsage(fields, stream),
  };
}

function toChatOptions(request: MessagesRequest): JsonObject {
  const { metadata, output_config: output, output_format, stop_sequences: stops, thinking } = request;
  const effort = toEffort(output?.effort, thinking);
  const format = output?.format ?? output_format;
  return {
    ...(stops == null || stops.length === 0 ? {} : { stop: stops }),
    ...(metadata?.user_id == null ? {} : { user: metadata.user_id }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(format == null
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema: format.schema, strict: true },
          },
        }),
  };
}

/** Effort and budgets of thought in the three sizes that other servers know. */
function toEffort(
  wanted: string | null | undefined,
  thinking: MessagesRequest['thinking'],
): string | undefined {
  if (wanted != null) return wanted === 'max' || wanted === 'xhigh' ? 'high' : wanted;
  if (thinking?.type !== 'enabled') return undefined;
  const budget = thinking.budget_tokens ?? 0;
  if (budget >= 16_384) return 'high';
  return budget >= 4096 ? 'medium' : 'low';
}

function toChatTools({ tool_choice: choice, tools }: MessagesRequest): JsonObject {
  return {
    ...(tools == null || tools.length === 0 ? {} : { tools: tools.map(toChatTool) }),
    ...(choice == null ? {} : { tool_choice: toChatToolChoice(choice) }),
    ...(choice?.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
  };
}

function toChatTool(tool: NonNullable<MessagesRequest['tools']>[number], index: number): JsonObject {
  const { description, input_schema: schema, name, type } = tool;
  if (type != null && type !== 'custom')
    throw unsupported(
      `offer Anthropic's own tool "${type}"`,
      `tools.${index}.type`,
      'Describe it with an input_schema.',
    );
  return {
    type: 'function',
    function: {
      name,
      ...(description == null ? {} : { description }),
      parameters: schema ?? { type: 'object' },
    },
  };
}

function toChatToolChoice({ name, type }: NonNullable<MessagesRequest['tool_choice']>): unknown {
  switch (type) {
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name } };
    case 'auto':
    case 'none':
      return type;
  }
}

/** Editing the context on the server: keeping all thoughts is what happens anyway, everything else is not done here. */
function refuseContextEdits(management: unknown): void {
  const edits = (management as { edits?: unknown } | null | undefined)?.edits;
  if (management == null || (Array.isArray(edits) && edits.every(keepsAll))) return;
  throw unsupported('edit the context of a conversation ("context_management")', 'context_management');
}

function keepsAll(edit: unknown): boolean {
  const { keep, type } = (edit ?? {}) as { keep?: unknown; type?: unknown };
  return typeof type === 'string' && type.startsWith('clear_thinking') && keep === 'all';
}
