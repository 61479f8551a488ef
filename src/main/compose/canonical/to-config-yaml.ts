import { stringify } from 'yaml';
import type { Project } from '../project.ts';
import { toConfigJson } from './to-project.ts';

/** The same as {@link toConfigJson} in YAML, for reading: it means the same to Compose, and is laid out our way. */
export function toConfigYaml(project: Project): string {
  return stringify(JSON.parse(toConfigJson(project)), { lineWidth: 0, aliasDuplicateObjects: false });
}
