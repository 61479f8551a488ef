import type { ConfigExpectation, ConfigProblem } from '@skilldeck/agent-skills';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a configuration: which setting, what was expected there, what stands there.
 *
 * @param file left out: `input` are environment variables
 */
export function toConfigProblems(issues: readonly Issue[], input: unknown, file?: string): ConfigProblem[] {
  return issues.flatMap((issue): ConfigProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        kind: 'unknown_setting',
        file: file ?? '',
        setting: formatKeys([...issue.path, key]),
      }));
    }
    const found = describe(valueAt(input, issue.path));
    return [
      {
        kind: 'wrong_value',
        ...(file === undefined ? {} : { file }),
        setting: formatKeys(issue.path),
        expected: expectation(issue),
        ...(found === undefined ? {} : { found }),
      },
    ];
  });
}

function formatKeys(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

/** Of a refinement (`params: { expected: BARE_ADDRESS }`). */
export const BARE_ADDRESS = 'bare_address';

function expectation(issue: Issue): ConfigExpectation {
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPES[issue.expected];
      return type === undefined ? { kind: 'other', message: issue.message } : { kind: 'type', type };
    }
    case 'invalid_value':
      return { kind: 'one_of', values: issue.values.map((value) => JSON.stringify(value)) };
    case 'invalid_union':
      return issue.discriminator === 'kind'
        ? { kind: 'one_of', values: ['"llama-cpp"', '"openai"'] }
        : { kind: 'other', message: issue.message };
    case 'too_small':
      return issue.origin === 'string'
        ? { kind: 'not_empty' }
        : { kind: 'at_least', limit: String(issue.minimum) };
    case 'too_big':
      return { kind: 'at_most', limit: String(issue.maximum) };
    case 'invalid_format':
      return issue.format === 'url'
        ? { kind: 'address' }
        : { kind: 'like', pattern: issue.pattern ?? issue.format };
    case 'custom':
      return issue.params?.expected === BARE_ADDRESS
        ? { kind: 'bare_address' }
        : { kind: 'other', message: issue.message };
    default:
      return { kind: 'other', message: issue.message };
  }
}

const TYPES: Readonly<Record<string, Extract<ConfigExpectation, { kind: 'type' }>['type']>> = {
  int: 'whole_number',
  number: 'number',
  string: 'text',
  array: 'list',
  object: 'object',
  boolean: 'true_or_false',
};

const MAX_SHOWN = 80;

function describe(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  // A password in an address must not end up in a log.
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^/"]*@/g, '//(secret)@');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 3)}…` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
