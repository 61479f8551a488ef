import type { ErrorForm } from './dialect.ts';
import { messagesErrors } from './messages/messages-errors.ts';
import { openAiErrors } from './openai-errors.ts';
import type { RequestHeaders } from './shapes/shared-options.ts';

/** In whose envelope a caller wants to hear of a failure for which no route stands: Anthropic's clients name its version. */
export function errorFormFor(path: string, headers: RequestHeaders): ErrorForm {
  const isAnthropic = path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined;
  return isAnthropic ? messagesErrors : openAiErrors;
}
