/** What is wrong with the gateway's `config.json` or its environment. Names and values stand as the file writes them. */
export const configPhrases = {
  config_unreadable: 'The configuration {{file}} cannot be read ({{code}}).',
  config_not_json: '{{file}}, line {{line}}: it is not JSON from column {{column}} on.',
  config_unknown_setting:
    '{{file}}: "{{setting}}" is not a setting of the gateway; remove it or correct its spelling.',
  config_wrong_value: '{{place}} must be {{expected}}, but {{found}} stands there.',
  config_missing_value: '{{place}} must be {{expected}}, but it is missing.',
  config_name_twice: '{{file}}: two backends are named "{{name}}"; names must differ.',
  config_more: 'Mistakes beyond these: {{number}}.',
  config_two_sentences: '{{first}} {{rest}}',
  // Where
  config_in_file: '{{file}}: "{{setting}}"',
  config_in_environment: 'Environment variable {{setting}}',
  // What was expected
  config_text: 'a text in quotes',
  config_object: 'an object in braces',
  config_true_or_false: 'true or false',
  config_one_of: 'one of {{values}}',
  config_at_least: 'at least {{limit}}',
  config_at_least_entries: 'a list with {{limit}} or more entries',
  config_at_least_characters: 'a text of {{limit}} or more characters',
  config_at_most: 'at most {{limit}}',
  config_at_most_entries: 'a list with at most {{limit}} entries',
  config_at_most_characters: 'a text of at most {{limit}} characters',
  config_either: '{{first}}, or {{second}}',
  config_not_empty: 'a text that is not empty',
  config_address: 'an http or https address',
  config_redis_address: 'a redis or rediss address',
  config_bare_address: 'an address without a user or a password (name a secret in apiKeySecret instead)',
  config_like: 'a text like {{pattern}}',
  config_valid: 'valid ({{message}})',
} as const;
