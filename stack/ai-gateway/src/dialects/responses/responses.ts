import { isJsonObject, type JsonObject } from '../../json.ts';
import { firstChoice, readUsage, readWords } from '../answers/read-choice.ts';
import type { AnswerContext, Dialect } from '../dialect.ts';
import { openAiErrors } from '../openai-errors.ts';
import { type MessagePart, type OutputItem, toItem } from './output-items.ts';
import { parseResponsesRequest } from './parse-responses-request.ts';
import { statusOf, toResponse } from './response-object.ts';
import { ResponseStream } from './response-stream.ts';

/** OpenAI's `POST /v1/responses`, over models that speak chat completions. Nothing is stored. */
export const responses: Dialect = {
  name: 'responses',
  errors: openAiErrors,
  parse: parseResponsesRequest,
  whole: toWholeResponse,
  stream: (context) => new ResponseStream(context),
};

function toWholeResponse(body: JsonObject, context: AnswerContext): JsonObject {
  const choice = firstChoice(body);
  const finishReason = choice?.finish_reason;
  const status = statusOf(finishReason);
  const items = toItems(choice);
  return toResponse(
    {
      status,
      createdAt:
        typeof body.created === 'number' && body.created > 0 ? body.created : Math.floor(Date.now() / 1000),
      model: body.model,
      output: items.map((item) => toItem(item, item === items.at(-1) ? status : 'completed', context)),
      usage: readUsage(body.usage),
      finishReason,
      extension: body.skilldeck,
    },
    context,
  );
}

function toItems(choice: JsonObject | undefined): OutputItem[] {
  const { calls, reasoning, refusal, text } = readWords(choice?.message);
  const logprobs = isJsonObject(choice?.logprobs) ? choice.logprobs.content : undefined;
  const parts: MessagePart[] = [];
  if (text !== '') parts.push({ kind: 'text', text, logprobs: Array.isArray(logprobs) ? logprobs : [] });
  if (refusal !== '') parts.push({ kind: 'refusal', text: refusal });
  const items: OutputItem[] = [];
  if (reasoning !== '') items.push({ kind: 'reasoning', index: 0, text: reasoning });
  if (parts.length > 0) items.push({ kind: 'message', index: items.length, parts });
  for (const { function: given, id } of calls) {
    const index = items.length;
    const call = isJsonObject(given) ? given : {};
    items.push({
      kind: 'call',
      index,
      callId: typeof id === 'string' && id !== '' ? id : `call_${index}`,
      name: typeof call.name === 'string' ? call.name : '',
      argumentsText:
        typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {}),
    });
  }
  return items;
}
