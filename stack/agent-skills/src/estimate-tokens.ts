const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3040-\u30ff]/g;

/**
 * A cheap estimate of how many model tokens a text costs.
 *
 * About one token per Chinese, Japanese or Korean character and one per four others: within some 20 % of the common
 * vocabularies, which is enough to warn; a model's own tokenizer is asked where the exact number matters.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}
