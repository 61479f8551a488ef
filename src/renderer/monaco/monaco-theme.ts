import type { editor } from 'monaco-editor/editor/editor.api';

/** The design tokens that the editor's colours are made of, as `#rrggbb`. */
export interface EditorTokens {
  readonly dark: boolean;
  readonly background: string;
  readonly panel: string;
  readonly raise: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly mute: string;
  readonly faint: string;
  readonly accent: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
}

/** Syntax colours that are no design tokens; each reads at 4.5:1 or better on the code background of its scheme. */
const SYNTAX = {
  dark: { key: '#8fb4ff', value: '#c3a6ff', heading: '#5fc9a8', code: '#e0b072' },
  light: { key: '#2453c9', value: '#7a3ec8', heading: '#0f7350', code: '#8f5a08' },
} as const;

/** Builds the editor theme for one colour scheme. */
export function buildMonacoTheme(tokens: EditorTokens): editor.IStandaloneThemeData {
  const syntax = tokens.dark ? SYNTAX.dark : SYNTAX.light;
  const rule = (token: string, colour: string, fontStyle?: string): editor.ITokenThemeRule => ({
    token,
    foreground: colour.slice(1),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  });
  return {
    base: tokens.dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('', tokens.text),
      rule('delimiter', tokens.mute),
      rule('type', syntax.key),
      rule('string', syntax.value),
      rule('keyword', syntax.key),
      rule('comment', tokens.mute, 'italic'),
      rule('heading', syntax.heading, 'bold'),
      rule('strong', tokens.text, 'bold'),
      rule('emphasis', tokens.text, 'italic'),
      rule('code', syntax.code),
      rule('link', tokens.accent, 'underline'),
    ],
    colors: {
      'editor.background': tokens.background,
      'editor.foreground': tokens.text,
      'editorGutter.background': tokens.background,
      'editorLineNumber.foreground': tokens.mute,
      'editorLineNumber.activeForeground': tokens.text,
      'editorLineNumber.dimmedForeground': tokens.mute,
      'editor.lineHighlightBackground': tokens.dark ? '#ffffff08' : '#0000000a',
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': `${tokens.accent}40`,
      'editor.inactiveSelectionBackground': `${tokens.accent}26`,
      'editor.findMatchBackground': `${tokens.warn}66`,
      'editor.findMatchHighlightBackground': `${tokens.warn}33`,
      'editorCursor.foreground': tokens.accent,
      'editorWidget.background': tokens.panel,
      'editorWidget.border': tokens.lineStrong,
      'editorHoverWidget.background': tokens.panel,
      'editorHoverWidget.border': tokens.lineStrong,
      'editorError.foreground': tokens.bad,
      'editorWarning.foreground': tokens.warn,
      'editorInfo.foreground': tokens.accent,
      'editorOverviewRuler.border': '#00000000',
      'input.background': tokens.raise,
      'input.border': tokens.lineStrong,
      focusBorder: tokens.accent,
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': `${tokens.faint}55`,
      'scrollbarSlider.hoverBackground': `${tokens.faint}88`,
      'diffEditor.insertedTextBackground': `${tokens.ok}33`,
      'diffEditor.removedTextBackground': `${tokens.bad}33`,
      'diffEditor.insertedLineBackground': `${tokens.ok}1a`,
      'diffEditor.removedLineBackground': `${tokens.bad}1a`,
      'menu.background': tokens.panel,
      'menu.foreground': tokens.text,
      'menu.selectionBackground': `${tokens.accent}40`,
      'menu.selectionForeground': tokens.text,
      'menu.border': tokens.lineStrong,
    },
  };
}
