import type { Dialect } from '../dialect.ts';
import { toMessage } from './message-answer.ts';
import { MessageStream } from './message-stream.ts';
import { messagesErrors } from './messages-errors.ts';
import { parseMessagesRequest } from './parse-messages-request.ts';

/** Anthropic's `POST /v1/messages`, over models that speak chat completions. */
export const messages: Dialect = {
  name: 'messages',
  errors: messagesErrors,
  parse: parseMessagesRequest,
  whole: toMessage,
  stream: (context) => new MessageStream(context),
};
