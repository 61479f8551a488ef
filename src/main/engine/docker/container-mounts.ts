import type { MountDefinition, ServiceDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import { mountedFiles } from './container-files.ts';
import type { ContainerSpecInput } from './container-spec.ts';
import { defined } from './defined.ts';

export interface InheritedVolume {
  readonly name: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface ApiMount {
  readonly Target: string;
  readonly [field: string]: unknown;
}

/**
 * Volumes in the two forms that the API has, chosen as Compose chooses: `Binds` where that says all,
 * since only it makes a missing folder of the host; `Mounts` for the rest.
 */
export function mountedVolumes(
  { project, service, inherited = [] }: ContainerSpecInput,
  definition: ServiceDefinition,
): { readonly binds: readonly string[]; readonly mounts: readonly ApiMount[] } {
  const binds: string[] = [];
  const mounts: ApiMount[] = [];
  const { volumes = [] } = definition;
  for (const { name, target, readOnly } of inherited)
    mounts.push({
      Type: 'volume',
      Source: name,
      Target: target,
      ...(readOnly ? { ReadOnly: true } : {}),
    });
  const isTaken = new Set(inherited.map(({ target }) => target));
  for (const mount of volumes) {
    if (isTaken.has(mount.target) && mount.type === 'volume' && !mount.source) continue;
    const bind = bindString(project, mount);
    if (bind === undefined) mounts.push(apiMount(project, mount));
    else binds.push(bind);
  }
  const targets = new Set(volumes.map(({ target }) => target));
  for (const file of mountedFiles(project, service.name, definition))
    if (!targets.has(file.Target)) mounts.push(file);
  return { binds, mounts };
}

/** Anonymous volumes of the old container that the new one has a place for: of the file, or declared by the image. */
export function inheritedVolumes(
  old: readonly { readonly name: string; readonly target: string; readonly readOnly: boolean }[],
  { volumes = [] }: ServiceDefinition,
  imageVolumes: readonly string[],
): readonly InheritedVolume[] {
  return old.filter(({ target }) => {
    const mount = volumes.find((candidate) => candidate.target === target);
    return mount === undefined ? imageVolumes.includes(target) : mount.type === 'volume' && !mount.source;
  });
}

/** `source:target:rw,…`; undefined where only the mount form can say it. */
function bindString(project: Project, mount: MountDefinition): string | undefined {
  const { type, source, target, read_only, bind, volume } = mount;
  const options = [
    read_only ? 'ro' : 'rw',
    ...(bind?.selinux ? [bind.selinux] : []),
    ...(bind?.propagation ? [bind.propagation] : []),
  ].join(',');
  if (type === 'bind') {
    if (bind && (!bind.create_host_path || bind.propagation || bind.recursive)) return undefined;
    return `${source}:${target}:${options}`;
  }
  const named = type === 'volume' && source ? project.volumes[source] : undefined;
  if (named === undefined) return undefined;
  const isPlain = !volume?.nocopy && !volume?.subpath && Object.keys(volume?.labels ?? {}).length === 0;
  return isPlain ? `${named.name}:${target}:${options}` : undefined;
}

function apiMount(project: Project, mount: MountDefinition): ApiMount {
  const { type, source, target, bind, volume, tmpfs, image } = mount;
  const name = type === 'volume' && source ? (project.volumes[source]?.name ?? source) : source;
  return {
    ...defined({
      Type: type,
      Source: name,
      ReadOnly: mount.read_only,
      Consistency: mount.consistency,
      BindOptions:
        type === 'bind' && bind
          ? defined({
              Propagation: bind.propagation,
              CreateMountpoint: bind.create_host_path,
              NonRecursive: bind.recursive === 'disabled' ? true : undefined,
              ReadOnlyNonRecursive: bind.recursive === 'writable' ? true : undefined,
              ReadOnlyForceRecursive: bind.recursive === 'readonly' ? true : undefined,
            })
          : undefined,
      VolumeOptions:
        type === 'volume' && volume
          ? defined({ NoCopy: volume.nocopy, Labels: volume.labels, Subpath: volume.subpath })
          : undefined,
      TmpfsOptions:
        type === 'tmpfs' && tmpfs
          ? defined({
              SizeBytes: tmpfs.size === undefined ? undefined : Number(tmpfs.size),
              Mode: tmpfs.mode,
            })
          : undefined,
      ImageOptions: type === 'image' && image ? defined({ Subpath: image.subpath }) : undefined,
    }),
    Target: target,
  };
}
