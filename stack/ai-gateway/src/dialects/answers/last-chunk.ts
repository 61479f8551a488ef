import type { JsonObject } from '../../json.ts';
import { objectsIn } from './answer-chunks.ts';

/** Whether a chunk ends an answer (or one of several), or comes after its words, as the usage does. */
export function isLastChunk({ choices }: JsonObject): boolean {
  if (!Array.isArray(choices) || choices.length === 0) return true;
  return objectsIn(choices).some(({ finish_reason: reason }) => reason !== null && reason !== undefined);
}
