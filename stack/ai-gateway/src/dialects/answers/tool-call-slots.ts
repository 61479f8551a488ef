import { isJsonObject, type JsonObject } from '../../json.ts';

/** What one delta says about one call. */
export interface ToolCallDelta {
  /** Counts the calls of a message from 0, in the order in which they began. */
  readonly slot: number;
  readonly isNew: boolean;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly argumentsText: string;
}

/**
 * Tells to which call of a message a delta belongs. Servers differ: some leave `index` out, some number every call 0 and
 * only the id tells them apart, some send a call in one piece.
 */
export class ToolCallSlots {
  /** The last call of each; a server may send calls by the hundred thousand. */
  readonly #byIndex = new Map<number, number>();
  readonly #byId = new Map<string, number>();
  readonly #byBoth = new Map<string, number>();
  #count = 0;

  read(delta: JsonObject): ToolCallDelta {
    const index = typeof delta.index === 'number' ? delta.index : undefined;
    const id = typeof delta.id === 'string' && delta.id !== '' ? delta.id : undefined;
    const call = isJsonObject(delta.function) ? delta.function : {};
    const name = typeof call.name === 'string' && call.name !== '' ? call.name : undefined;
    const known = this.#find(index, id);
    const slot = known ?? this.#begin(index, id);
    return { slot, isNew: known === undefined, id, name, argumentsText: toText(call.arguments) };
  }

  #find(index: number | undefined, id: string | undefined): number | undefined {
    if (id !== undefined)
      return index === undefined ? this.#byId.get(id) : this.#byBoth.get(`${index} ${id}`);
    if (index !== undefined) return this.#byIndex.get(index);
    return this.#count === 0 ? undefined : this.#count - 1;
  }

  #begin(given: number | undefined, id: string | undefined): number {
    const slot = this.#count;
    const index = given ?? slot;
    this.#count += 1;
    this.#byIndex.set(index, slot);
    if (id !== undefined) {
      this.#byId.set(id, slot);
      this.#byBoth.set(`${index} ${id}`, slot);
    }
    return slot;
  }
}

/** Arguments are JSON in a text; a few servers send the object itself. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
