import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gatewayPhrases } from '../../shared/errors/phrases/gateway-phrases.ts';
import { inEnglish } from '../../shared/errors/phrases/phrase.ts';
import { gatewayWords } from '../../shared/gateway/gateway-words.ts';

test('there are words for every code of the gateway, and for no other', () => {
  const catalogue = new URL('../../../stack/ai-gateway/src/gateway-error.ts', import.meta.url);
  const codes = [...readFileSync(catalogue, 'utf8').matchAll(/^ {2}(\w+): \{ status: \d+/gm)].map(
    ([, code]) => `gateway_code_${code}`,
  );
  expect(codes.length).toBeGreaterThan(20);
  expect(Object.keys(gatewayPhrases).sort()).toEqual(codes.sort());
});

test('in English the gateway’s sentence stands alone, whatever its code', () => {
  for (const code of ['queue_full', 'made_up', undefined])
    expect(inEnglish(gatewayWords(code, 'The queue is full.'))).toBe('The queue is full.');
});
