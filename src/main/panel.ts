import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../shared/errors/app-error.ts';
import { phrase } from '../shared/errors/phrases/phrase.ts';
import type { Settings } from '../shared/settings/settings-contract.ts';
import { ChatService } from './chat/chat-service.ts';
import type { StackEngine } from './engine/stack-engine.ts';
import { GatewayClient } from './gateway/gateway-client.ts';
import { GatewayMonitor } from './gateway/gateway-monitor.ts';
import { StackGateway } from './gateway/stack-gateway.ts';
import type { Disposables } from './lifetime/disposables.ts';
import type { Logger } from './lifetime/logger.ts';
import { SecretRegistry } from './logs/redact.ts';
import { ModelsService, type SecretStore } from './models/models-service.ts';
import { createProject } from './projects/create-project.ts';
import { disposeProject } from './projects/open-project.ts';
import { type ContextChoice, ProjectsService } from './projects/projects-service.ts';
import { SkillRepository } from './skills/skill-repository.ts';
import { SkillsService } from './skills/skills-service.ts';
import { EngineHub } from './stack/engine-hub.ts';
import type { ProjectSource } from './stack/project-source.ts';
import type { StackService } from './stack/stack-service.ts';
import { workspaceSource } from './stack/workspace-source.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What the panel needs of the computer around it; Electron's in the app. */
export interface PanelHost {
  openExternal(url: string): Promise<void>;
  openPath(path: string): Promise<void>;
  /** The system's dialog for a model file. */
  chooseModelFile(): Promise<string | undefined>;
  /** The system's dialog for a compose folder or file. */
  chooseProject?(what: 'folder' | 'file'): Promise<string | undefined>;
  readonly secrets: SecretStore;
}

export interface PanelDeps {
  readonly workspace: Workspace;
  readonly engine: StackEngine;
  readonly host: PanelHost;
  /** Absent: one engine, and no choice. */
  readonly contexts?: ContextChoice;
  /** Where the opened projects are kept; in the workspace when absent. */
  readonly projectsFile?: string;
  readonly logger: Logger;
  readonly disposables: Disposables;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Panel {
  readonly hub: EngineHub;
  readonly projects: ProjectsService;
  /** The workspace's own. */
  readonly stack: StackService;
  readonly skills: SkillsService;
  readonly chat: ChatService;
  readonly models: ModelsService;
  readonly monitor: GatewayMonitor;
  readonly gateway: GatewayClient;
}

/** Makes the services of one workspace and ties them together. What ends is registered the moment it exists. */
export async function openPanel(deps: PanelDeps): Promise<Panel> {
  const { workspace, host, logger, disposables } = deps;
  const { paths } = workspace;
  const hub = new EngineHub({ engine: deps.engine, logger });
  disposables.add('engine', () => hub.dispose());
  const secrets = new SecretRegistry();
  const create = (source: ProjectSource) =>
    createProject(
      {
        hub,
        openExternal: host.openExternal,
        openPath: host.openPath,
        redact: secrets.redact,
        logger,
      },
      source,
    );
  const own = create(workspaceSource(workspace));
  disposables.add('stack', () => disposeProject(own));
  const { stack } = own;
  await stack.open();
  const projects = new ProjectsService({
    hub,
    workspace: own,
    file: deps.projectsFile ?? join(paths.directory, '.skilldeck', 'projects.json'),
    env: deps.env,
    create,
    choose: async (what) => host.chooseProject?.(what),
    contexts: deps.contexts ?? NO_CHOICE,
    logger,
  });
  disposables.add('projects', () => projects.dispose());
  await projects.open();

  const stackGateway = new StackGateway({
    subscribe: (signal) => stack.subscribe(signal),
    settings: () => workspace.settings,
    ca: () => readFile(paths.caCertificate, 'utf8').catch(() => undefined),
  });
  disposables.add('gateway connection', () => stackGateway.dispose());
  const gateway = new GatewayClient(stackGateway.connection);
  disposables.add('gateway client', () => gateway.dispose());

  const monitor = new GatewayMonitor({ gateway, onGatewayChange: stackGateway.onDidChange });
  disposables.add('gateway monitor', () => monitor.dispose());

  const models = new ModelsService({
    configFile: paths.configFile,
    modelsDirectory: paths.models,
    gateway,
    onGatewayChange: stackGateway.onDidChange,
    secrets: host.secrets,
    logger,
    ollamaHost: deps.env.OLLAMA_HOST,
    chooseFile: host.chooseModelFile,
  });
  disposables.add('models', () => models.dispose());

  const collectSecrets = () => {
    const { adminKey, apiKey, fileManagerPassword } = workspace.settings;
    secrets.set([adminKey, apiKey, fileManagerPassword, ...models.secretValues]);
  };
  collectSecrets();
  stackGateway.onDidChange(collectSecrets);

  const skills = new SkillsService({
    repository: new SkillRepository(paths.skills, paths.trash),
    gateway,
    logger,
    monotonicNow: () => performance.now(),
  });
  disposables.add('skills', () => skills.dispose());
  await skills.open();
  stackGateway.onDidChange(() => void skills.refresh());

  const chat = new ChatService({ directory: paths.chats, gateway: stackGateway.connection, logger });
  disposables.add('chat', () => chat.dispose());
  await chat.open();

  return { hub, projects, stack, skills, chat, models, monitor, gateway };
}

const NO_CHOICE: ContextChoice = {
  list: async () => [],
  use: async (name) => {
    throw new AppError('context.unknown', phrase('no_context', { context: name }), {
      params: { context: name },
    });
  },
};

/** The sandbox comes up by itself, unless the settings say otherwise; Docker waits for Start. */
export function startsByItself(engine: StackEngine, settings: Settings): boolean {
  return engine.kind === 'sandbox' && settings.autoStartSandbox;
}
