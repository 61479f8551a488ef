import { z } from 'zod';

/** What a setting must be. Values, keys and limits stand as the file writes them. */
export const ConfigExpectationSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('type'),
    type: z.enum(['whole_number', 'number', 'text', 'list', 'object', 'true_or_false']),
  }),
  z.object({ kind: z.literal('one_of'), values: z.array(z.string()) }),
  z.object({ kind: z.literal('at_least'), limit: z.string() }),
  z.object({ kind: z.literal('at_most'), limit: z.string() }),
  z.object({ kind: z.literal('not_empty') }),
  z.object({ kind: z.literal('address') }),
  /** An address without user and password: those are secrets. */
  z.object({ kind: z.literal('bare_address') }),
  z.object({ kind: z.literal('like'), pattern: z.string() }),
  z.object({ kind: z.literal('other'), message: z.string() }),
]);

/** One thing that is wrong with the gateway's configuration, for each language to word. */
export const ConfigProblemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unreadable'), file: z.string(), code: z.string() }),
  z.object({ kind: z.literal('not_json'), file: z.string(), line: z.int(), column: z.int() }),
  z.object({ kind: z.literal('unknown_setting'), file: z.string(), setting: z.string() }),
  z.object({
    kind: z.literal('wrong_value'),
    /** Left out: an environment variable. */
    file: z.string().optional(),
    setting: z.string(),
    expected: ConfigExpectationSchema,
    /** What stands there, shortened and without passwords; left out: nothing. */
    found: z.string().optional(),
  }),
  z.object({ kind: z.literal('name_twice'), file: z.string(), name: z.string() }),
]);

export type ConfigExpectation = z.infer<typeof ConfigExpectationSchema>;
export type ConfigProblem = z.infer<typeof ConfigProblemSchema>;
