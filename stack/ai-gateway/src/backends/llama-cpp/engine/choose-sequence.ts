/** A sequence that is free, as far as choosing one goes. */
export interface SequenceChoice {
  /** Tokens of the prompt that it has evaluated already, from the first one on. */
  readonly common: number;
  /** Tokens that it has evaluated in all. */
  readonly held: number;
  /** Requests since it was used. */
  readonly age: number;
}

/**
 * The place of the one to answer with: what it saves now, less what it loses for the conversation it has last been in.
 *
 * The longest common prefix alone would have every new conversation take the sequence of another one, for a handful of
 * tokens of the template, with an idle one beside it. A loss counts less the longer nobody has come back for it, so that no
 * sequence is kept for ever.
 */
export function chooseSequence(choices: readonly SequenceChoice[]): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const [index, { common, held, age }] of choices.entries()) {
    const likelihood = choices.length / (choices.length + age);
    const score = common - (held - common) * likelihood;
    if (score <= bestScore) continue;
    best = index;
    bestScore = score;
  }
  return best;
}
