import type { GenerationRequest } from './generation-request.ts';

/** The words that a backend has to read, for estimates. */
export function promptText(request: GenerationRequest): string {
  switch (request.operation) {
    case 'chat':
      return request.messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n');
    case 'text_completion':
      return typeof request.prompt === 'string' ? request.prompt : '';
    case 'embeddings':
      return typeof request.input === 'string' ? request.input : '';
  }
}
