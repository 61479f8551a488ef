import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadMonaco, type Monaco } from './load-monaco.ts';
import { buildMonacoTheme } from './monaco-theme.ts';
import { readEditorTokens, watchColourScheme } from './read-editor-tokens.ts';

export type MonacoState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly monaco: Monaco }
  | { readonly kind: 'failed' };

const THEME = 'skilldeck';

/** The editor library, loaded when the first component asks, with its theme following the page's. */
export function useMonaco(): MonacoState {
  const { i18n } = useTranslation();
  const [state, setState] = useState<MonacoState>({ kind: 'loading' });
  const language = i18n.language;
  useEffect(() => {
    let isCurrent = true;
    loadMonaco(language).then(
      (monaco) => {
        if (isCurrent) setState({ kind: 'ready', monaco });
      },
      () => {
        if (isCurrent) setState({ kind: 'failed' });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [language]);
  const monaco = state.kind === 'ready' ? state.monaco : undefined;
  useEffect(() => {
    if (monaco === undefined) return;
    const apply = (): void => {
      monaco.editor.defineTheme(THEME, buildMonacoTheme(readEditorTokens()));
      monaco.editor.setTheme(THEME);
    };
    apply();
    return watchColourScheme(apply);
  }, [monaco]);
  return state;
}
