import type { ConfigExpectation, ConfigProblem } from '@skilldeck/agent-skills';
import { type Phrase, phrase } from '../errors/phrases/phrase.ts';

/** What is wrong with the gateway's configuration; undefined when it says nothing that can be worded. */
export function configWords(problems: readonly ConfigProblem[] | undefined): Phrase | undefined {
  return problems
    ?.map(problemWords)
    .reduceRight<Phrase | undefined>(
      (rest, first) => (rest === undefined ? first : phrase('config_two_sentences', { first, rest })),
      undefined,
    );
}

/** The folder is the same for all of them, and one click away. */
const nameOf = (file: string): string => file.split(/[/\\]/).at(-1) ?? file;

function problemWords(problem: ConfigProblem): Phrase {
  switch (problem.kind) {
    case 'unreadable':
      return phrase('config_unreadable', { file: nameOf(problem.file), code: problem.code });
    case 'not_json': {
      const { column, file, line } = problem;
      return phrase('config_not_json', { file: nameOf(file), line, column });
    }
    case 'unknown_setting':
      return phrase('config_unknown_setting', { file: nameOf(problem.file), setting: problem.setting });
    case 'wrong_value': {
      const { file, found, setting } = problem;
      const place =
        file === undefined
          ? phrase('config_in_environment', { setting })
          : phrase('config_in_file', { file: nameOf(file), setting });
      const expected = expectationWords(problem.expected);
      return found === undefined
        ? phrase('config_missing_value', { place, expected })
        : phrase('config_wrong_value', { place, expected, found });
    }
    case 'name_twice':
      return phrase('config_name_twice', { file: nameOf(problem.file), name: problem.name });
    case 'more':
      return phrase('config_more', { number: problem.count });
  }
}

function expectationWords(expected: ConfigExpectation): Phrase {
  switch (expected.kind) {
    case 'type':
      return phrase(TYPES[expected.type]);
    case 'one_of':
      return phrase('config_one_of', { values: expected.values.join(', ') });
    case 'at_least':
      return phrase(`config_at_least${measure(expected.of)}`, { limit: expected.limit });
    case 'at_most':
      return phrase(`config_at_most${measure(expected.of)}`, { limit: expected.limit });
    case 'either':
      return phrase('config_either', {
        first: expectationWords(expected.first),
        second: expectationWords(expected.second),
      });
    case 'not_empty':
      return phrase('config_not_empty');
    case 'address':
      return phrase('config_address');
    case 'redis_address':
      return phrase('config_redis_address');
    case 'bare_address':
      return phrase('config_bare_address');
    case 'like':
      return phrase('config_like', { pattern: expected.pattern });
    case 'other':
      return phrase('config_valid', { message: expected.message });
  }
}

const measure = (of: 'entries' | 'characters' | undefined) => (of === undefined ? '' : (`_${of}` as const));

const TYPES = {
  whole_number: 'whole_number',
  number: 'number',
  text: 'config_text',
  list: 'list',
  object: 'config_object',
  true_or_false: 'config_true_or_false',
} as const satisfies Record<Extract<ConfigExpectation, { kind: 'type' }>['type'], string>;
