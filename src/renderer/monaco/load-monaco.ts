import type { monaco } from './monaco-api.ts';

export type Monaco = typeof monaco;

let loading: Promise<Monaco> | undefined;

/**
 * Loads the editor's chunk once per window.
 *
 * Its own texts (find bar, context menu) must be set before its first module runs, so they follow the language that the
 * window had then; a later switch shows in them after a reload.
 */
export function loadMonaco(language: string): Promise<Monaco> {
  loading ??= load(language).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(language: string): Promise<Monaco> {
  if (language.startsWith('zh')) await import('monaco-editor/nls/lang/zh-cn');
  return (await import('./monaco-api.ts')).monaco;
}
