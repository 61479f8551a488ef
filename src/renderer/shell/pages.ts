import {
  IconActivity,
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

/** The pages in the order of the rail; each is its own chunk, loaded when it is first opened. */
export const PAGES: readonly Page[] = [
  {
    id: 'stack',
    icon: IconStack2,
    view: lazy(async () => ({ default: (await import('../features/stack/stack-view.tsx')).StackView })),
  },
  {
    id: 'skills',
    icon: IconFileText,
    view: lazy(async () => ({ default: (await import('../features/skills/skills-view.tsx')).SkillsView })),
  },
  {
    id: 'chat',
    icon: IconMessage,
    view: lazy(async () => ({ default: (await import('../features/chat/chat-view.tsx')).ChatView })),
  },
  {
    id: 'logs',
    icon: IconLogs,
    view: lazy(async () => ({ default: (await import('../features/logs/logs-view.tsx')).LogsView })),
  },
  {
    id: 'terminal',
    icon: IconTerminal2,
    view: lazy(async () => ({
      default: (await import('../features/terminal/terminal-view.tsx')).TerminalView,
    })),
  },
  {
    id: 'gateway',
    icon: IconActivity,
    view: lazy(async () => ({ default: (await import('../features/gateway/gateway-view.tsx')).GatewayView })),
  },
  {
    id: 'settings',
    icon: IconSettings,
    view: lazy(async () => ({
      default: (await import('../features/settings/settings-view.tsx')).SettingsView,
    })),
  },
];
