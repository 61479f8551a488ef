import type { languages } from 'monaco-editor/editor/editor.api';

export const SKILL_LANGUAGE = 'skill-markdown';

export const skillLanguageConfiguration: languages.LanguageConfiguration = {
  comments: { blockComment: ['<!--', '-->'] },
  brackets: [
    ['{', '}'],
    ['[', ']'],
    ['(', ')'],
  ],
  autoClosingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '{', close: '}' },
    { open: '`', close: '`', notIn: ['string'] },
  ],
  surroundingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '`', close: '`' },
    { open: '*', close: '*' },
    { open: '_', close: '_' },
    { open: '"', close: '"' },
  ],
  onEnterRules: [
    // An empty list item ends the list; a filled one starts the next.
    { beforeText: /^\s*[-*+]\s+\S.*$/, action: { indentAction: 0, appendText: '- ' } },
  ],
};

/**
 * Markdown with YAML front matter, coloured in one synchronous pass.
 *
 * Monaco's own Markdown definition knows no front matter and pulls in an HTML tokenizer; a skill needs neither.
 */
export const skillLanguage: languages.IMonarchLanguage = {
  defaultToken: '',
  start: 'start',
  tokenizer: {
    start: [
      [/^---\s*$/, { token: 'delimiter', switchTo: '@frontMatter' }],
      [/^(?=.)/, { token: '@rematch', switchTo: '@body' }],
    ],
    frontMatter: [
      [/^---\s*$/, { token: 'delimiter', switchTo: '@body' }],
      [/#.*$/, 'comment'],
      [/^(\s*)([\w-]+)(:)(\s*[|>][+-]?\s*)$/, ['', 'type', 'delimiter', 'keyword']],
      [/^(\s*)([\w-]+)(:)(?=\s|$)/, ['', 'type', 'delimiter']],
      [/^\s*-\s/, 'keyword'],
      [/"(?:[^"\\]|\\.)*"|'[^']*'/, 'string'],
      [/[^\s#"'][^#]*/, 'string'],
    ],
    body: [
      [/^\s{0,3}#{1,6}\s.*$/, 'heading'],
      [/^\s*(`{3,}|~{3,})[^`]*$/, { token: 'code', next: '@fence.$1' }],
      [/^\s*>/, 'comment'],
      [/^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s)?/, 'keyword'],
      [/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, 'delimiter'],
      [/<!--/, { token: 'comment', next: '@comment' }],
      [/`[^`]+`/, 'code'],
      [/\*\*(?:[^*\\]|\\.|\*(?!\*))+\*\*|__(?:[^_\\]|\\.)+__/, 'strong'],
      [/\*(?:[^*\\\s]|\\.)(?:[^*\\]|\\.)*\*/, 'emphasis'],
      [/!?\[[^\]]*\]\([^)]*\)/, 'link'],
      [/https?:\/\/[^\s)>]+/, 'link'],
      [/[^\s`*_[\]!<h]+|./, ''],
    ],
    fence: [
      [
        /^\s*(`{3,}|~{3,})\s*$/,
        { cases: { '$1==$S2': { token: 'code', next: '@pop' }, '@default': 'code' } },
      ],
      [/.+/, 'code'],
    ],
    comment: [
      [/-->/, { token: 'comment', next: '@pop' }],
      [/[^-]+|./, 'comment'],
    ],
  },
};
