import type { Project } from '../../main/compose/project.ts';
import { systemPorts } from '../../main/doctor/system-ports.ts';
import type { StackEngine } from '../../main/engine/stack-engine.ts';
import type { PortProbe } from '../../main/stack/preflight.ts';
import { inEnglish } from '../../shared/errors/phrases/phrase.ts';
import type { Check } from './check.ts';

const HOLDER_LIMIT_MS = 3000;

export function checkFiles(project: Project): readonly Check[] {
  const count = Object.keys(project.services).length;
  const inactive = project.inactiveServices?.length ?? 0;
  const detail = `${project.name}: ${count} services${inactive > 0 ? `, ${inactive} more behind profiles` : ''} (${project.configFiles.join(', ')})`;
  return [
    { name: 'files', status: 'ok', detail },
    ...(project.unsupported ?? []).map(
      ({ at, key, reason }): Check => ({
        name: 'unsupported',
        status: 'fail',
        detail: `${at.file}:${at.line}:${at.column}: ${at.path}: ${key}: ${inEnglish(reason)}`,
        hint: 'Take the setting out, or start this project with docker compose.',
      }),
    ),
  ];
}

/** Ports that the project wants: free, held by itself, or by whom. */
export async function checkPorts(
  project: Project,
  engine: Pick<StackEngine, 'findPortHolder'> | undefined,
  probe: PortProbe = systemPorts,
): Promise<readonly Check[]> {
  const wanted = Object.values(project.services).flatMap((service) =>
    service.ports.flatMap(({ hostIp, protocol, published }) =>
      published === undefined || protocol !== 'tcp'
        ? []
        : [{ service: service.name, hostIp: hostIp === '' ? '0.0.0.0' : hostIp, port: published }],
    ),
  );
  return await Promise.all(
    wanted.map(async ({ hostIp, port, service }): Promise<Check> => {
      const name = `port ${port}`;
      if (await probe.isFree(hostIp, port)) return { name, status: 'ok', detail: `free, for ${service}` };
      const holder = await engine
        ?.findPortHolder?.(port, AbortSignal.timeout(HOLDER_LIMIT_MS))
        .catch(() => undefined);
      if (holder?.project === project.name)
        return { name, status: 'ok', detail: `published by ${holder.container}` };
      const owner = holder === undefined ? await probe.owner(port).catch(() => undefined) : undefined;
      const of = holder?.project === undefined ? '' : ` of ${holder.project}`;
      const by =
        holder !== undefined
          ? `the container ${holder.container}${of}`
          : owner !== undefined
            ? `${owner.name} (process ${owner.pid})`
            : 'another program';
      return {
        name,
        status: 'fail',
        detail: `${service} needs it, but ${by} has it`,
        hint: 'Stop the other program, or publish another port.',
      };
    }),
  );
}
