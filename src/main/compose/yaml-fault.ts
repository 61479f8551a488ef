import type { YAMLError } from 'yaml';
import { type Phrase, phrase } from '../../shared/errors/phrases/phrase.ts';
import type { PhraseKey } from '../../shared/errors/phrases/phrases.ts';

/** Common mistakes; the parser's own words are always beside ours. */
const KEYS = {
  BAD_ALIAS: 'yaml_alias',
  BAD_DQ_ESCAPE: 'yaml_escape',
  BAD_INDENT: 'yaml_indent',
  BAD_SCALAR_START: 'yaml_scalar_start',
  BLOCK_AS_IMPLICIT_KEY: 'yaml_nested_map',
  DUPLICATE_KEY: 'yaml_duplicate_key',
  MISSING_CHAR: 'yaml_missing_char',
  MULTILINE_IMPLICIT_KEY: 'yaml_no_colon',
  TAB_AS_INDENT: 'yaml_tab',
  UNEXPECTED_TOKEN: 'yaml_unexpected',
} as const satisfies Partial<Record<YAMLError['code'], PhraseKey>>;

/** What the YAML parser found. */
export function describeYamlError({ code, message }: Pick<YAMLError, 'code' | 'message'>): Phrase {
  const line = message.split('\n')[0]?.replace(/ at line.*$/, '') ?? code;
  return phrase(code in KEYS ? KEYS[code as keyof typeof KEYS] : 'yaml_other', { message: line });
}
