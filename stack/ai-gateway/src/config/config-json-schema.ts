import { z } from 'zod';
import { ConfigFileSchema } from './config-schema.ts';

/** What `config.json` may hold, as a JSON Schema with descriptions and defaults, for editors. */
export function configJsonSchema(): z.core.JSONSchema.JSONSchema {
  return {
    ...z.toJSONSchema(ConfigFileSchema, { io: 'input', unrepresentable: 'any' }),
    title: 'Configuration of the Skilldeck gateway',
  };
}
