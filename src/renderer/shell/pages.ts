import {
  IconFileText,
  IconLogs,
  IconMessage,
  IconSettings,
  IconStack2,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { PageId } from './ui-store.ts';

export interface Page {
  readonly id: PageId;
  readonly icon: TablerIcon;
  readonly view: LazyExoticComponent<ComponentType>;
}

const views = import.meta.glob<Record<string, ComponentType>>('../features/*/*-view.tsx');

function page(id: PageId, icon: TablerIcon, exportName: string): Page[] {
  const load = views[`../features/${id}/${id}-view.tsx`];
  if (!load) return [];
  const view = lazy(async () => {
    const loaded = (await load())[exportName];
    if (!loaded) throw new Error(`${id}-view.tsx does not export ${exportName}.`);
    return { default: loaded };
  });
  return [{ id, icon, view }];
}

/** The pages in the order of the rail; each is its own chunk, loaded when it is first opened. */
export const PAGES: readonly Page[] = [
  ...page('stack', IconStack2, 'StackView'),
  ...page('skills', IconFileText, 'SkillsView'),
  ...page('chat', IconMessage, 'ChatView'),
  ...page('logs', IconLogs, 'LogsView'),
  ...page('terminal', IconTerminal2, 'TerminalView'),
  ...page('settings', IconSettings, 'SettingsView'),
];
