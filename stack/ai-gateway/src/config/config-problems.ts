import {
  type ConfigChoice,
  type ConfigExpectation,
  type ConfigProblem,
  MAX_CONFIG_PROBLEMS,
} from '@skilldeck/agent-skills';
import type { z } from 'zod';
import { describeFound, shorten } from './describe-found.ts';

type Issue = z.core.$ZodIssue;

/** What a refinement expects, which its issue then tells: `.refine(isEven, expects({ … }))`. */
export const expects = (expected: ConfigExpectation): { params: { expected: ConfigExpectation } } => ({
  params: { expected },
});

/**
 * What is wrong with a configuration: which setting, what was expected there, what stands there. The first few, and how many more.
 *
 * @param file left out: `input` are environment variables
 */
export function toConfigProblems(issues: readonly Issue[], input: unknown, file?: string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  let count = 0;
  let place: string | undefined;
  for (const issue of issues) {
    // zod goes on to measure a value of the wrong type.
    const before = place;
    place = formatKeys(issue.path);
    if (place === before && issue.code !== 'unrecognized_keys') continue;
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    count += keys.length;
    for (const key of keys.slice(0, MAX_CONFIG_PROBLEMS - problems.length))
      problems.push(key === undefined ? wrongValue(issue, input, file) : unknownSetting(issue, key, file));
  }
  return count > problems.length ? [...problems, { kind: 'more', count: count - problems.length }] : problems;
}

function unknownSetting({ path }: Issue, key: string, file = ''): ConfigProblem {
  return { kind: 'unknown_setting', file, setting: formatKeys([...path, key]) };
}

function wrongValue(issue: Issue, input: unknown, file: string | undefined): ConfigProblem {
  // Of a name that may not be one, its place is the object it stands in.
  const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path;
  const found =
    issue.code === 'invalid_key'
      ? describeFound(String(issue.path.at(-1)), undefined)
      : describeFound(valueAt(input, path), path.at(-1));
  return {
    kind: 'wrong_value',
    ...(file === undefined ? {} : { file }),
    setting: formatKeys(path),
    expected: expectation(issue),
    ...(found === undefined ? {} : { found }),
  };
}

function formatKeys(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${shorten(String(key))}`,
    )
    .join('');
}

function expectation(issue: Issue): ConfigExpectation {
  switch (issue.code) {
    case 'invalid_union':
      return union(issue) ?? other(issue);
    case 'invalid_key':
      return issue.issues[0] === undefined ? other(issue) : expectation(issue.issues[0]);
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1 ? { kind: 'not_empty' } : choice(issue);
    case 'invalid_format':
      return issue.format === 'url'
        ? { kind: 'address' }
        : { kind: 'like', pattern: issue.pattern ?? issue.format };
    case 'custom':
      // Only `expects` puts it there.
      return (issue.params?.expected as ConfigExpectation | undefined) ?? other(issue);
    default:
      return choice(issue);
  }
}

/** Those that can be one of two forms of a setting, too. */
function choice(issue: Issue): ConfigChoice | Extract<ConfigExpectation, { kind: 'other' }> {
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPES[issue.expected];
      return type === undefined ? other(issue) : { kind: 'type', type };
    }
    case 'invalid_value':
      return { kind: 'one_of', values: issue.values.map(quote) };
    case 'too_small':
      return { kind: 'at_least', limit: String(issue.minimum), ...measure(issue.origin) };
    case 'too_big':
      return { kind: 'at_most', limit: String(issue.maximum), ...measure(issue.origin) };
    default:
      return other(issue);
  }
}

function union(issue: Extract<Issue, { code: 'invalid_union' }>): ConfigExpectation | undefined {
  if ('options' in issue && issue.options !== undefined)
    return { kind: 'one_of', values: issue.options.map(quote) };
  const [first, second, ...rest] = issue.errors.map(([one]) => one && choice(one));
  if (first === undefined || second === undefined || rest.length > 0) return undefined;
  return first.kind === 'other' || second.kind === 'other' ? undefined : { kind: 'either', first, second };
}

const other = ({ message }: Issue) => ({ kind: 'other', message }) as const;

const quote = (value: unknown): string => JSON.stringify(value) ?? String(value);

const measure = (origin: string): { of?: 'entries' | 'characters' } =>
  origin === 'array' ? { of: 'entries' } : origin === 'string' ? { of: 'characters' } : {};

const TYPES: Readonly<Record<string, Extract<ConfigExpectation, { kind: 'type' }>['type']>> = {
  int: 'whole_number',
  number: 'number',
  string: 'text',
  array: 'list',
  object: 'object',
  record: 'object',
  boolean: 'true_or_false',
};

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
