import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Project } from '../compose/project.ts';

/** @throws AppError `compose.unsupported` for the first thing that the files ask for and that cannot be done. */
export function refuseUnsupported(project: Project): void {
  const [first] = project.unsupported ?? [];
  if (first === undefined) return;
  const { at, key, reason } = first;
  const place = `${at.file}:${at.line}:${at.column}`;
  throw new AppError('compose.unsupported', phrase('unusable', { place, key, reason }), {
    hint: 'Take the setting out, or start this project with docker compose.',
    params: { ...at, place, key, reason },
  });
}
