import type { PHRASES } from '../../../../shared/errors/phrases/phrases.ts';
import type { Translation } from '../../translation.ts';
import { composePhrases } from './compose-phrases.ts';
import { configPhrases } from './config-phrases.ts';
import { enginePhrases } from './engine-phrases.ts';
import { envPhrases } from './env-phrases.ts';
import { gatewayPhrases } from './gateway-phrases.ts';
import { panelPhrases } from './panel-phrases.ts';

export const phrases: Translation<typeof PHRASES> = {
  verbatim: '{{text}}',
  ...composePhrases,
  ...configPhrases,
  ...envPhrases,
  ...enginePhrases,
  ...gatewayPhrases,
  ...panelPhrases,
};
