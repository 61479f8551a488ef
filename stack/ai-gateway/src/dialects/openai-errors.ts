import type { ErrorForm } from './dialect.ts';

export const openAiErrors: ErrorForm = {
  envelope: (error) => error.toEnvelope(),
  status: ({ status }) => status,
  requestIdHeader: 'x-request-id',
};
