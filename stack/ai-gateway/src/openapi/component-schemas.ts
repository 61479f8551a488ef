import { z } from 'zod';
import type { JsonObject } from '../json.ts';

const LOCAL = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Turns zod's schemas into JSON Schemas; those with an id (`.meta({ id })`) are kept once, as components. */
export class ComponentSchemas {
  readonly schemas: Record<string, JsonObject> = {};

  /** The schema itself, or a reference to it where it has an id. */
  add(schema: z.ZodType): JsonObject {
    const { $defs, $schema, id, ...own } = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
    }) as JsonObject;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonObject>)) {
      const { id: _id, ...rest } = definition;
      this.schemas[name] ??= withReferences(rest);
    }
    const name = typeof id === 'string' ? id : z.globalRegistry.get(schema)?.id;
    if (name === undefined) return withReferences(own);
    this.schemas[name] ??= withReferences(own);
    return { $ref: COMPONENTS + name };
  }
}

function withReferences(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll(`"${LOCAL}`, `"${COMPONENTS}`)) as JsonObject;
}
