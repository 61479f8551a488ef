import type { AnyRouter } from '@orpc/server';
import type { createAppRouter } from '../app/shell/app-router.ts';
import { createChatRouter } from '../chat/chat-router.ts';
import { createGatewayRouter } from '../gateway/gateway-router.ts';
import { createLogsRouter } from '../logs/logs-router.ts';
import { createModelsRouter } from '../models/models-router.ts';
import type { Panel } from '../panel.ts';
import { createProjectsRouter } from '../projects/projects-router.ts';
import { createSettingsRouter, type WorkspaceChooser } from '../settings/settings-router.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { createSkillsRouter } from '../skills/skills-router.ts';
import { createStackRouter } from '../stack/stack-router.ts';
import { createStatsRouter } from '../stats/stats-router.ts';
import { createTerminalRouter } from '../terminal/terminal-router.ts';
import { rpc } from './implementer.ts';

export interface RouterParts {
  readonly app: ReturnType<typeof createAppRouter>;
  readonly panel: Panel;
  readonly settings: SettingsService;
  readonly workspaceChooser: WorkspaceChooser;
}

/** All features behind the contract. The compiler refuses a procedure without a handler, and the other way round. */
export function createRouter({ app, panel, settings, workspaceChooser }: RouterParts): AnyRouter {
  return rpc.router({
    app,
    stack: createStackRouter(panel.projects),
    projects: createProjectsRouter(panel.projects),
    stats: createStatsRouter(panel.projects),
    skills: createSkillsRouter(panel.skills),
    chat: createChatRouter(panel.chat),
    logs: createLogsRouter(panel.projects),
    terminal: createTerminalRouter(panel.projects),
    models: createModelsRouter(panel.models),
    gateway: createGatewayRouter(panel.monitor, panel.gateway),
    settings: createSettingsRouter(settings, workspaceChooser),
  });
}
