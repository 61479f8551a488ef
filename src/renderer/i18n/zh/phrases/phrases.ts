import type { PHRASES } from '../../../../shared/errors/phrases/phrases.ts';
import type { Translation } from '../../translation.ts';
import { composePhrases } from './compose-phrases.ts';
import { envPhrases } from './env-phrases.ts';

export const phrases: Translation<typeof PHRASES> = {
  verbatim: '{{text}}',
  ...composePhrases,
  ...envPhrases,
};
