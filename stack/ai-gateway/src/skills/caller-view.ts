import { objectsIn } from '../dialects/answers/answer-chunks.ts';
import { ToolCallSlots } from '../dialects/answers/tool-call-slots.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** A call of which the caller has seen nothing yet, or its place among those that the caller sees. */
type CallView =
  | { kind: 'unnamed'; readonly parts: JsonObject[] }
  | { kind: 'ours' }
  | { kind: 'shown'; index: number };

/**
 * What a caller sees of one streamed answer: everything, at once, but the calls of the gateway's own tools, and neither
 * the end nor what follows it when the answer was only such calls, since another answer takes its place.
 */
export class CallerView {
  readonly #owns: (name: unknown) => boolean;
  readonly #isLast: boolean;
  readonly #slots = new ToolCallSlots();
  readonly #calls: CallView[] = [];
  #shown = 0;
  #isOver = false;

  /** @param isLast no other answer takes its place, whatever it calls */
  constructor(owns: (name: unknown) => boolean, isLast: boolean) {
    this.#owns = owns;
    this.#isLast = isLast;
  }

  /** The chunk as the caller gets it, if at all. */
  of(chunk: JsonObject): JsonObject | undefined {
    if (this.#isOver) return undefined;
    const choices = objectsIn(chunk.choices);
    if (choices.length === 0) return chunk;
    const seen = choices.flatMap((choice) => this.#ofChoice(choice));
    return seen.length === 0 ? undefined : { ...chunk, choices: seen };
  }

  #ofChoice(choice: JsonObject): JsonObject[] {
    const { delta, finish_reason: reason, ...rest } = choice;
    const { tool_calls: calls, ...words } = isJsonObject(delta) ? delta : {};
    const parts = objectsIn(calls).flatMap((part) => this.#ofPart(part));
    const isEnd = reason !== null && reason !== undefined;
    const isOnlyOurs = this.#calls.length > 0 && this.#calls.every(({ kind }) => kind === 'ours');
    const isOver = isEnd && isOnlyOurs && !this.#isLast;
    this.#isOver ||= isOver;
    const isEmpty = parts.length === 0 && Object.keys(words).length === 0;
    if (isEmpty && (isOver || (!isEnd && calls !== undefined))) return [];
    const end = isEnd && isOnlyOurs ? withoutCalls(reason) : reason;
    const seen = parts.length === 0 ? words : { ...words, tool_calls: parts };
    return [{ ...rest, delta: seen, finish_reason: isOver ? null : end }];
  }

  #ofPart(part: JsonObject): JsonObject[] {
    const { name, slot } = this.#slots.read(part);
    const known = this.#calls[slot] ?? { kind: 'unnamed', parts: [] };
    this.#calls[slot] = known;
    if (known.kind === 'ours') return [];
    if (known.kind === 'shown') return [{ ...part, index: known.index }];
    known.parts.push(part);
    // Whose it is shows in its name, which a few servers send late.
    if (name === undefined) return [];
    if (this.#owns(name)) {
      this.#calls[slot] = { kind: 'ours' };
      return [];
    }
    const index = this.#shown++;
    this.#calls[slot] = { kind: 'shown', index };
    return known.parts.map((one) => ({ ...one, index }));
  }
}

/** How an answer has ended whose calls the caller does not see. */
export function withoutCalls(reason: unknown): unknown {
  return reason === 'tool_calls' ? 'stop' : reason;
}
