import { composePhrases } from './compose-phrases.ts';
import { configPhrases } from './config-phrases.ts';
import { enginePhrases } from './engine-phrases.ts';
import { envPhrases } from './env-phrases.ts';
import { gatewayPhrases } from './gateway-phrases.ts';
import { panelPhrases } from './panel-phrases.ts';

/**
 * Every part of a fault's text that is ours, by key, in English; `{{…}}` are its parameters.
 *
 * The window's Chinese of the same keys is in `src/renderer/i18n/zh/phrases`.
 */
export const PHRASES = {
  /** What others wrote: a file, the engine, a program. */
  verbatim: '{{text}}',
  ...composePhrases,
  ...configPhrases,
  ...envPhrases,
  ...enginePhrases,
  ...gatewayPhrases,
  ...panelPhrases,
} as const;

export type PhraseKey = keyof typeof PHRASES;
