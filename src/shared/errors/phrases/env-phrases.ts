/** What is wrong with a line of a `.env` file. */
export const envPhrases = {
  env_no_name_after_export: 'expected a name after "export"',
  env_space_in_name: 'a name has no space in it',
  env_not_in_name: '{{char}} cannot be in a name; expected NAME=value',
  env_open_quote: 'the quote {{quote}} is never closed',
  env_line_too_long: 'the line is too long',
  env_no_name: 'expected NAME=value',
  env_too_long: 'longer than {{count}} characters',
  env_no_variable: '"{{found}}" is no variable',
  env_variable_unset: '{{variable}} is not set {{text}}',
} as const;
