import { z } from 'zod';

const TypeSchema = z.object({
  kind: z.literal('type'),
  type: z.enum(['whole_number', 'number', 'text', 'list', 'object', 'true_or_false']),
});
const OneOfSchema = z.object({ kind: z.literal('one_of'), values: z.array(z.string()) });
/** Left out: the value of a number. */
const MeasureSchema = z.enum(['entries', 'characters']).optional();
const AtLeastSchema = z.object({ kind: z.literal('at_least'), limit: z.string(), of: MeasureSchema });
const AtMostSchema = z.object({ kind: z.literal('at_most'), limit: z.string(), of: MeasureSchema });

/** One of two forms that a setting can have, such as a word or a number. */
const ChoiceSchema = z.discriminatedUnion('kind', [TypeSchema, OneOfSchema, AtLeastSchema, AtMostSchema]);

/** What a setting must be. Values, keys and limits stand as the file writes them. */
export const ConfigExpectationSchema = z.discriminatedUnion('kind', [
  TypeSchema,
  OneOfSchema,
  AtLeastSchema,
  AtMostSchema,
  z.object({ kind: z.literal('either'), first: ChoiceSchema, second: ChoiceSchema }),
  z.object({ kind: z.literal('not_empty') }),
  z.object({ kind: z.literal('address') }),
  z.object({ kind: z.literal('redis_address') }),
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
    /** A number, a text or the like, shortened and without passwords; left out: nothing stands there. */
    found: z.string().optional(),
  }),
  z.object({ kind: z.literal('name_twice'), file: z.string(), name: z.string() }),
  /** Always the last one: how many are not told. */
  z.object({ kind: z.literal('more'), count: z.int() }),
]);

/** Another program's JSON is wrong in thousands of places, of which a person reads a few. */
export const MAX_CONFIG_PROBLEMS = 5;

/** What a gateway tells of them: those, and how many more. */
export const ConfigProblemsSchema = z.array(ConfigProblemSchema).max(MAX_CONFIG_PROBLEMS + 1);

export type ConfigChoice = z.infer<typeof ChoiceSchema>;
export type ConfigExpectation = z.infer<typeof ConfigExpectationSchema>;
export type ConfigProblem = z.infer<typeof ConfigProblemSchema>;
