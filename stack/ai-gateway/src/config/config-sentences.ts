import type { ConfigExpectation, ConfigProblem } from '@skilldeck/agent-skills';

/** One sentence each, for terminals and logs; the panel words the problems in its own languages. */
export function formatConfigProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join(' ');
}

function formatProblem(problem: ConfigProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `The configuration ${problem.file} cannot be read (${problem.code}).`;
    case 'not_json':
      return `${problem.file}, line ${problem.line}: it is not JSON from column ${problem.column} on.`;
    case 'unknown_setting':
      return `${problem.file}: "${problem.setting}" is not a setting of the gateway; remove it or correct its spelling.`;
    case 'wrong_value': {
      const { expected, file, found, setting } = problem;
      const name = file === undefined ? `Environment variable ${setting}` : `${file}: "${setting}"`;
      const stands = found === undefined ? 'it is missing' : `${found} stands there`;
      return `${name} must be ${formatExpectation(expected)}, but ${stands}.`;
    }
    case 'name_twice':
      return `${problem.file}: two backends are named "${problem.name}"; names must differ.`;
    case 'more':
      return `Mistakes beyond these: ${problem.count}.`;
  }
}

const TYPES: Readonly<Record<Extract<ConfigExpectation, { kind: 'type' }>['type'], string>> = {
  whole_number: 'a whole number',
  number: 'a number',
  text: 'a text in quotes',
  list: 'a list',
  object: 'an object in braces',
  true_or_false: 'true or false',
};

function formatExpectation(expected: ConfigExpectation): string {
  switch (expected.kind) {
    case 'type':
      return TYPES[expected.type];
    case 'one_of':
      return `one of ${expected.values.join(', ')}`;
    case 'at_least':
      return atLeast(expected);
    case 'at_most':
      return atMost(expected);
    case 'either':
      return `${formatExpectation(expected.first)}, or ${formatExpectation(expected.second)}`;
    case 'not_empty':
      return 'a text that is not empty';
    case 'address':
      return 'an http or https address';
    case 'redis_address':
      return 'a redis or rediss address';
    case 'bare_address':
      return 'an address without a user or a password (name a secret in apiKeySecret instead)';
    case 'like':
      return `a text like ${expected.pattern}`;
    case 'other':
      return `valid (${expected.message})`;
  }
}

interface Limit {
  readonly limit: string;
  readonly of?: 'entries' | 'characters' | undefined;
}

function atLeast({ limit, of }: Limit): string {
  if (of === undefined) return `at least ${limit}`;
  return of === 'entries' ? `a list with ${limit} or more entries` : `a text of ${limit} or more characters`;
}

function atMost({ limit, of }: Limit): string {
  if (of === undefined) return `at most ${limit}`;
  return of === 'entries' ? `a list with at most ${limit} entries` : `a text of at most ${limit} characters`;
}
