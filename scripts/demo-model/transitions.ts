/** What the model may say next, with the share of each. */
export type Choice = ReadonlyMap<string, number>;

export interface Transitions {
  /** After anything that a person or the chat template wrote. */
  readonly start: Choice;
  readonly after: ReadonlyMap<string, Choice>;
}

/**
 * The chain of tokens: through a sentence without a choice, then to one of the next stage, finally to the end.
 */
export function buildTransitions(
  stages: readonly (readonly (readonly string[])[])[],
  end: string,
): Transitions {
  const firsts = stages.map((stage) => openings(stage));
  const after = new Map<string, Choice>();
  stages.forEach((stage, index) => {
    const following = firsts[index + 1] ?? new Map([[end, 1]]);
    for (const sentence of stage) {
      sentence.forEach((token, at) => {
        const next = sentence[at + 1];
        after.set(token, next === undefined ? following : new Map([[next, 1]]));
      });
    }
  });
  return { start: firsts[0] ?? new Map([[end, 1]]), after };
}

/** The first sentence of a stage is the likeliest, so that temperature 0 decides the same way every time. */
function openings(stage: readonly (readonly string[])[]): Choice {
  const weights = stage.map((_, index) => 1 / (index + 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return new Map(stage.map((sentence, index) => [sentence[0] ?? '', (weights[index] ?? 0) / sum]));
}
