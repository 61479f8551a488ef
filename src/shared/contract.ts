import { appContract } from './app/app-contract.ts';
import { chatContract } from './chat/chat-contract.ts';
import { gatewayContract } from './gateway/gateway-contract.ts';
import { logsContract } from './logs/logs-contract.ts';
import { modelsContract } from './models/models-contract.ts';
import { settingsContract } from './settings/settings-contract.ts';
import { skillsContract } from './skills/skills-contract.ts';
import { projectsContract } from './stack/projects-contract.ts';
import { stackContract } from './stack/stack-contract.ts';
import { statsContract } from './stats/stats-contract.ts';
import { terminalContract } from './terminal/terminal-contract.ts';

/** Every call the window can make; each feature owns its part. */
export const contract = {
  app: appContract,
  stack: stackContract,
  projects: projectsContract,
  stats: statsContract,
  skills: skillsContract,
  chat: chatContract,
  logs: logsContract,
  terminal: terminalContract,
  models: modelsContract,
  gateway: gatewayContract,
  settings: settingsContract,
};
export type Contract = typeof contract;
