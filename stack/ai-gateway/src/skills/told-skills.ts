import type { BackendAnswer } from '../backends/backend.ts';
import { isLastChunk } from '../dialects/answers/last-chunk.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/**
 * Says in the answer itself which skills a model took while it made it: whoever gets a kept answer, or one that another
 * caller began, learns them, too.
 *
 * @param skills those taken so far; it grows while the answer is made
 */
export function tellSkills(answer: BackendAnswer, skills: readonly string[]): BackendAnswer {
  const told = (part: JsonObject): JsonObject => ({ ...part, skilldeck: { skills: [...skills] } });
  if (answer.kind === 'whole') return { kind: 'whole', body: told(answer.body) };
  const { chunks } = answer;
  return {
    kind: 'stream',
    chunks: (async function* tell() {
      for await (const chunk of chunks) yield isLastChunk(chunk) ? told(chunk) : chunk;
    })(),
  };
}

/** What {@link tellSkills} said. */
export function toldSkills({ skilldeck }: JsonObject): readonly string[] {
  const skills = isJsonObject(skilldeck) ? skilldeck.skills : undefined;
  return Array.isArray(skills) ? skills.filter((name) => typeof name === 'string') : [];
}
