import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Says in one sentence each which key is wrong, what was expected there and what stands there. */
export function formatConfigIssues(
  issues: readonly Issue[],
  input: unknown,
  nameOf: (path: PropertyKey[]) => string,
): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const name = nameOf([...issue.path, key]);
        return `${name} is not a setting of the gateway; remove it or correct its spelling.`;
      });
    }
    const found = valueAt(input, issue.path);
    return [`${nameOf([...issue.path])} must be ${expectation(issue)}, but ${describe(found)}.`];
  });
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED_TYPES[issue.expected] ?? `of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_union':
      return issue.discriminator === 'kind' ? 'one of "llama-cpp", "openai"' : 'of another form';
    case 'too_small':
      return issue.origin === 'string' ? 'a text that is not empty' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'an http or https address'
        : `a text like ${issue.pattern ?? issue.format}`;
    default:
      return `valid (${issue.message})`;
  }
}

const EXPECTED_TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text in quotes',
  array: 'a list',
  object: 'an object in braces',
  boolean: 'true or false',
};

function describe(value: unknown): string {
  if (value === undefined) return 'it is missing';
  // A password in an address must not end up in a log.
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^/"]*@/g, '//(secret)@');
  return `${text.length > 80 ? `${text.slice(0, 77)}…` : text} stands there`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
