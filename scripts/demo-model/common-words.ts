/**
 * Frequent English words, so that a prompt is not spelled out letter by letter.
 *
 * They are only read, never written: without them a prompt with a few skills would fill the context.
 */
export const COMMON_WORDS: readonly string[] = `
the and that with for you this not are but from have was his they she which one all were there been their more when will
would who what can has its into only other time new some could these two may then first any like now such made over our
out most after also use used using how your must should each than them does did where before between because about many
answer question request skill skills name description file files text user write read short long give list line word words
number example always never please help make need step steps tool tools code data model server system assistant message
`
  .trim()
  .split(/\s+/);
