// The editor with only what a text file needs: every further contribution costs start-up time of this chunk.
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordOperations/register';
import * as monaco from 'monaco-editor/editor/editor.api';
import workerUrl from 'monaco-editor/editor/editor.worker?worker&url';
import { SKILL_LANGUAGE, skillLanguage, skillLanguageConfiguration } from './skill-language.ts';
import { createWorkerFromUrl } from './worker-from-url.ts';

self.MonacoEnvironment = { getWorker: () => createWorkerFromUrl(workerUrl) };

monaco.languages.register({ id: SKILL_LANGUAGE, extensions: ['.md'] });
monaco.languages.setMonarchTokensProvider(SKILL_LANGUAGE, skillLanguage);
monaco.languages.setLanguageConfiguration(SKILL_LANGUAGE, skillLanguageConfiguration);

export { monaco };
