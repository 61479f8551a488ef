import { PHRASES } from '../../shared/errors/phrases/phrases.ts';
import { chat as chatEn } from './en/chat.ts';
import { errors as errorsEn } from './en/errors.ts';
import { gateway as gatewayEn } from './en/gateway.ts';
import { keys as keysEn } from './en/keys.ts';
import { logs as logsEn } from './en/logs.ts';
import { models as modelsEn } from './en/models.ts';
import { plan as planEn } from './en/plan.ts';
import { projects as projectsEn } from './en/projects.ts';
import { services as servicesEn } from './en/services.ts';
import { settings as settingsEn } from './en/settings.ts';
import { shell as shellEn } from './en/shell.ts';
import { skills as skillsEn } from './en/skills.ts';
import { stack as stackEn } from './en/stack.ts';
import { terminal as terminalEn } from './en/terminal.ts';
import type { Translation } from './translation.ts';
import { chat as chatZh } from './zh/chat.ts';
import { errors as errorsZh } from './zh/errors.ts';
import { gateway as gatewayZh } from './zh/gateway.ts';
import { keys as keysZh } from './zh/keys.ts';
import { logs as logsZh } from './zh/logs.ts';
import { models as modelsZh } from './zh/models.ts';
import { phrases as phrasesZh } from './zh/phrases/phrases.ts';
import { plan as planZh } from './zh/plan.ts';
import { projects as projectsZh } from './zh/projects.ts';
import { services as servicesZh } from './zh/services.ts';
import { settings as settingsZh } from './zh/settings.ts';
import { shell as shellZh } from './zh/shell.ts';
import { skills as skillsZh } from './zh/skills.ts';
import { stack as stackZh } from './zh/stack.ts';
import { terminal as terminalZh } from './zh/terminal.ts';

/** One namespace per feature. */
export const en = {
  shell: shellEn,
  errors: errorsEn,
  phrases: PHRASES,
  stack: stackEn,
  plan: planEn,
  services: servicesEn,
  projects: projectsEn,
  settings: settingsEn,
  models: modelsEn,
  skills: skillsEn,
  chat: chatEn,
  logs: logsEn,
  terminal: terminalEn,
  gateway: gatewayEn,
  keys: keysEn,
};

export const zh: Translation<typeof en> = {
  shell: shellZh,
  errors: errorsZh,
  phrases: phrasesZh,
  stack: stackZh,
  plan: planZh,
  services: servicesZh,
  projects: projectsZh,
  settings: settingsZh,
  models: modelsZh,
  skills: skillsZh,
  chat: chatZh,
  logs: logsZh,
  terminal: terminalZh,
  gateway: gatewayZh,
  keys: keysZh,
};
