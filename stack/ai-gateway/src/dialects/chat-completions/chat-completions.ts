import { dataStream } from '../data-stream.ts';
import type { Dialect } from '../dialect.ts';
import { openAiErrors } from '../openai-errors.ts';
import { parseChatRequest } from './parse-chat-request.ts';

/** OpenAI's `POST /v1/chat/completions`: the common form itself. */
export const chatCompletions: Dialect = {
  name: 'chat-completions',
  errors: openAiErrors,
  parse: parseChatRequest,
  whole: (body) => body,
  stream: dataStream,
};
