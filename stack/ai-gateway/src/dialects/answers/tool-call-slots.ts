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
  readonly #slots: { readonly index: number; readonly id: string | undefined }[] = [];

  read(delta: JsonObject): ToolCallDelta {
    const index = typeof delta.index === 'number' ? delta.index : undefined;
    const id = typeof delta.id === 'string' && delta.id !== '' ? delta.id : undefined;
    const call = isJsonObject(delta.function) ? delta.function : {};
    const name = typeof call.name === 'string' && call.name !== '' ? call.name : undefined;
    const known = this.#find(index, id);
    const slot = known ?? this.#slots.push({ index: index ?? this.#slots.length, id }) - 1;
    return { slot, isNew: known === undefined, id, name, argumentsText: toText(call.arguments) };
  }

  #find(index: number | undefined, id: string | undefined): number | undefined {
    if (id !== undefined) {
      const slot = this.#slots.findLastIndex((one) => one.id === id && (index ?? one.index) === one.index);
      return slot < 0 ? undefined : slot;
    }
    const slot =
      index === undefined ? this.#slots.length - 1 : this.#slots.findLastIndex((one) => one.index === index);
    return slot < 0 ? undefined : slot;
  }
}

/** Arguments are JSON in a text; a few servers send the object itself. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
