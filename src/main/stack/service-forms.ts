import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { ServiceForm, ServiceFormChange } from '../../shared/stack/stack-contract.ts';
import { applyServiceForm } from '../compose/edit/apply-service-form.ts';
import { readServiceForm } from '../compose/edit/read-service-form.ts';
import type { Project } from '../compose/project.ts';
import { diskFault } from '../workspace/disk-fault.ts';
import type { ProjectSource } from './project-source.ts';
import { readProjectFile } from './read-project-file.ts';

export interface FormEdit {
  readonly service: string;
  /** Of the form that was shown. */
  readonly version: string;
  readonly changes: readonly ServiceFormChange[];
}

/** The settings of one service in the file that the person owns. */
export async function readForm(
  source: ProjectSource,
  project: Project | undefined,
  service: string,
): Promise<ServiceForm> {
  const file = await source.formFile(project, service);
  const text = (await readProjectFile(file)) ?? '';
  return {
    file: relative(source.directory, file),
    version: versionOf(text),
    ...readServiceForm(text, service, file),
  };
}

/**
 * Writes the changes and keeps the rest of the file as it is. The file is made when there is none.
 *
 * @throws AppError `file.changed` when the file is not the one that was shown; nothing is written then.
 */
export async function writeForm(
  source: ProjectSource,
  project: Project | undefined,
  { service, version, changes }: FormEdit,
): Promise<{ version: string }> {
  const file = await source.formFile(project, service);
  const text = (await readProjectFile(file)) ?? '';
  if (versionOf(text) !== version)
    throw new AppError('file.changed', phrase('file_changed', { file }), {
      hint: 'Nothing was written. Look at the file as it is now, and make the change again.',
      params: { path: file },
    });
  const next = applyServiceForm(text, service, changes, file);
  if (next !== text) {
    try {
      await writeFileAtomic(file, next);
    } catch (error) {
      throw diskFault(error, file);
    }
  }
  return { version: versionOf(next) };
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
