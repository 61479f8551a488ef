import { readFile } from 'node:fs/promises';
import type { Settings } from '../shared/settings/settings-contract.ts';
import { ChatService } from './chat/chat-service.ts';
import { systemPorts } from './doctor/system-ports.ts';
import type { StackEngine } from './engine/stack-engine.ts';
import { GatewayClient } from './gateway/gateway-client.ts';
import { StackGateway } from './gateway/stack-gateway.ts';
import type { Disposables } from './lifetime/disposables.ts';
import type { Logger } from './lifetime/logger.ts';
import { LogService } from './logs/log-service.ts';
import { SecretRegistry } from './logs/redact.ts';
import { ModelsService, type SecretStore } from './models/models-service.ts';
import { ProjectsService } from './projects/projects-service.ts';
import { SkillRepository } from './skills/skill-repository.ts';
import { SkillsService } from './skills/skills-service.ts';
import { logInstances, runningInstance } from './stack/log-instances.ts';
import { StackService } from './stack/stack-service.ts';
import { workspaceSource } from './stack/workspace-source.ts';
import { StatsService } from './stats/stats-service.ts';
import { TerminalService } from './terminal/terminal-service.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What the panel needs of the computer around it; Electron's in the app. */
export interface PanelHost {
  openExternal(url: string): Promise<void>;
  openPath(path: string): Promise<void>;
  /** The system's dialog for a model file. */
  chooseModelFile(): Promise<string | undefined>;
  readonly secrets: SecretStore;
}

export interface PanelDeps {
  readonly workspace: Workspace;
  readonly engine: StackEngine;
  readonly host: PanelHost;
  readonly logger: Logger;
  readonly disposables: Disposables;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Panel {
  readonly projects: ProjectsService;
  readonly stack: StackService;
  readonly stats: StatsService;
  readonly skills: SkillsService;
  readonly chat: ChatService;
  readonly logs: LogService;
  readonly terminal: TerminalService;
  readonly models: ModelsService;
}

/** Makes the services of one workspace and ties them together. What ends is registered the moment it exists. */
export async function openPanel(deps: PanelDeps): Promise<Panel> {
  const { workspace, host, logger, disposables } = deps;
  const { paths } = workspace;
  const stack = new StackService({
    engine: deps.engine,
    source: workspaceSource(workspace),
    ports: systemPorts,
    // Loaded when there is something to build: it brings the tar and ignore libraries along.
    hashBuildContext: async (build) =>
      (await import('./engine/docker/build-context.ts')).hashBuildContext(build),
    openExternal: host.openExternal,
    openPath: host.openPath,
    logger,
  });
  disposables.add('stack', () => stack.dispose());
  await stack.open();

  const stackGateway = new StackGateway({
    subscribe: (signal) => stack.subscribe(signal),
    settings: () => workspace.settings,
    ca: () => readFile(paths.caCertificate, 'utf8').catch(() => undefined),
  });
  disposables.add('gateway connection', () => stackGateway.dispose());
  const gateway = new GatewayClient(stackGateway.connection);
  disposables.add('gateway client', () => gateway.dispose());

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

  const secrets = new SecretRegistry();
  const collectSecrets = () => {
    const { apiKey, fileManagerPassword } = workspace.settings;
    secrets.set([apiKey, fileManagerPassword, ...models.secretValues]);
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

  const logs = new LogService({
    engine: () => stack.engine,
    subscribeInstances: (signal) => mapEach(stack.subscribe(signal), logInstances),
    redact: secrets.redact,
    logger,
  });
  disposables.add('logs', () => logs.dispose());

  const terminal = new TerminalService({
    engine: () => stack.engine,
    findInstance: (service) => runningInstance(stack.snapshot, service),
  });
  disposables.add('terminal', () => terminal.dispose());

  const stats = new StatsService({
    engine: () => stack.engine,
    projectName: () => stack.projectName,
    logger,
  });
  disposables.add('stats', () => stats.dispose());
  const projects = new ProjectsService({ stack, logs, terminal, stats });
  return { projects, stack, stats, skills, chat, logs, terminal, models };
}

/** The sandbox comes up by itself, unless the settings say otherwise; Docker waits for Start. */
export function startsByItself(engine: StackEngine, settings: Settings): boolean {
  return engine.kind === 'sandbox' && settings.autoStartSandbox;
}

async function* mapEach<T, U>(values: AsyncIterable<T>, map: (value: T) => U): AsyncGenerator<U, void, void> {
  for await (const value of values) yield map(value);
}
