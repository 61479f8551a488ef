import type { JsonObject } from '../../json.ts';
import type { ChatGeneration, ChatMessage } from '../../pipeline/generation-request.ts';
import { invalidBody, invalidField } from '../invalid-body.ts';
import { gatewayOptions, type RequestHeaders, withUsage } from '../shapes/shared-options.ts';
import { refuseFields, refuseSeveralAnswers, unsupported, without } from '../unsupported.ts';
import { toChatMessages } from './input-to-messages.ts';
import { type ResponsesRequest, ResponsesRequestSchema } from './responses-request.ts';

/** Of this API alone; what stands for them in chat completions is made here. All others are passed on. */
const OWN_FIELDS = new Set([
  ...[
    'model',
    'input',
    'instructions',
    'stream',
    'stream_options',
    'max_output_tokens',
    'top_logprobs',
    'text',
  ],
  ...[
    'tools',
    'tool_choice',
    'reasoning',
    'include',
    'metadata',
    'truncation',
    'store',
    'max_tool_calls',
    'skills',
  ],
]);

const KEEPS_NOTHING = 'it keeps no answers. Send the whole conversation as "input".';

const NOT_HERE = {
  previous_response_id: `continue an earlier answer ("previous_response_id"): ${KEEPS_NOTHING.slice(0, -1)}`,
  conversation: `continue a stored conversation ("conversation"): ${KEEPS_NOTHING.slice(0, -1)}`,
  background: 'answer in the background ("background")',
  prompt: 'fill in stored prompts ("prompt")',
  context_management: 'edit the context of a conversation ("context_management")',
  moderation: 'moderate ("moderation")',
};

export function parseResponsesRequest(body: unknown, headers: RequestHeaders): ChatGeneration {
  const parsed = ResponsesRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidBody(parsed.error, body, '"input"');
  const request = parsed.data;
  refuseFields(request, NOT_HERE);
  refuseSeveralAnswers(request);
  if (request.truncation === 'auto')
    throw unsupported('leave out what is too long ("truncation")', 'truncation');
  const stream = request.stream === true;
  const { instructions } = request;
  const messages: ChatMessage[] = instructions ? [{ role: 'system', content: instructions }] : [];
  messages.push(...toChatMessages(request.input));
  const fields = { ...without(request, OWN_FIELDS), ...toChatTools(request), ...toChatOptions(request) };
  return {
    operation: 'chat',
    model: request.model ?? undefined,
    messages,
    ...gatewayOptions({ skills: request.skills }, headers),
    stream,
    fields: withUsage(fields, stream),
  };
}

function toChatOptions(request: ResponsesRequest): JsonObject {
  const { include, max_output_tokens: max, reasoning, text, top_logprobs: top } = request;
  const format = text?.format;
  const logprobs = top != null || include?.includes('message.output_text.logprobs') === true;
  return {
    ...(max == null ? {} : { max_tokens: max }),
    ...(reasoning?.effort == null ? {} : { reasoning_effort: reasoning.effort }),
    ...(text?.verbosity == null ? {} : { verbosity: text.verbosity }),
    ...(logprobs ? { logprobs: true, ...(top == null ? {} : { top_logprobs: top }) } : {}),
    ...(format == null || format.type === 'text' ? {} : { response_format: toResponseFormat(format) }),
  };
}

function toResponseFormat({
  type,
  ...format
}: NonNullable<NonNullable<ResponsesRequest['text']>['format']>): JsonObject {
  if (type === 'json_object') return { type };
  return { type, json_schema: { ...format, name: format.name ?? 'answer' } };
}

function toChatTools({ tool_choice: choice, tools }: ResponsesRequest): JsonObject {
  return {
    ...(tools == null || tools.length === 0 ? {} : { tools: tools.map(toChatTool) }),
    ...(choice == null ? {} : { tool_choice: toChatToolChoice(choice) }),
  };
}

function toChatTool(tool: NonNullable<ResponsesRequest['tools']>[number], index: number): JsonObject {
  const { type, ...definition } = tool;
  if (type !== 'function')
    throw unsupported(
      `offer the tool "${type}"`,
      `tools.${index}.type`,
      'Only tools of the type "function" run at the caller.',
    );
  if (definition.name == null) throw invalidField(`tools.${index}.name`, 'expected a text');
  return { type, function: definition };
}

function toChatToolChoice(choice: NonNullable<ResponsesRequest['tool_choice']>): unknown {
  if (typeof choice === 'string') return choice;
  const { name, type } = choice;
  if (type === 'function') {
    if (name == null) throw invalidField('tool_choice.name', 'expected a text');
    return { type, function: { name } };
  }
  if (type === 'allowed_tools') return { type, allowed_tools: { mode: choice.mode, tools: choice.tools } };
  throw unsupported(`choose the tool "${type}"`, 'tool_choice.type');
}
