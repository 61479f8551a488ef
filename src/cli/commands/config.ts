import { serviceHash } from '../../main/compose/canonical/definition-hash.ts';
import type { Project } from '../../main/compose/project.ts';
import { imageReference } from '../../main/plan/container-name.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { type CliContext, type CommandRun, print } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { checkServices } from '../project/choose-services.ts';
import { cliSource } from '../project/cli-source.ts';
import { optionsOf } from './options-of.ts';

interface ConfigFlags {
  readonly format?: 'json' | 'yaml';
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly volumes?: boolean;
  readonly networks?: boolean;
  readonly profiles?: boolean;
  readonly images?: boolean;
  /** A service, or `*`. */
  readonly hash?: string;
}

/** Needs no engine. */
export const run: CommandRun = async (context, input) => {
  const flags = optionsOf<ConfigFlags>(input);
  const project = await cliSource(context).load({}, input.args);
  checkServices(project, input.args);
  if (flags.quiet === true) return EXIT.ok;
  const list = listOf(project, flags);
  if (list !== undefined) for (const line of list) print(context, line);
  else await printConfig(context, project, flags.format ?? 'json');
  return EXIT.ok;
};

function listOf(project: Project, flags: ConfigFlags): readonly string[] | undefined {
  const services = Object.values(project.services);
  if (flags.services === true) return Object.keys(project.services);
  if (flags.volumes === true) return Object.keys(project.volumes);
  if (flags.networks === true) return Object.keys(project.networks);
  if (flags.images === true) return services.map((service) => imageReference(project, service));
  if (flags.profiles === true) return [...new Set(services.flatMap(({ profiles }) => profiles))].toSorted();
  if (flags.hash === undefined) return undefined;
  const names = flags.hash === '*' ? Object.keys(project.services) : flags.hash.split(',');
  return names.toSorted().map((name) => {
    const service = project.services[name];
    if (service === undefined)
      throw new AppError('service.unknown', `There is no service ${name}.`, { params: { service: name } });
    return `${name} ${serviceHash(service.definition)}`;
  });
}

async function printConfig(context: CliContext, project: Project, format: 'json' | 'yaml'): Promise<void> {
  if (format === 'yaml') {
    const { toConfigYaml } = await import('../../main/compose/canonical/to-config-yaml.ts');
    return print(context, toConfigYaml(project).trimEnd());
  }
  const { toConfigJson } = await import('../../main/compose/canonical/to-project.ts');
  print(context, toConfigJson(project).trimEnd());
}
