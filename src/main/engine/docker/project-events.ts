import { LABEL } from '../../plan/labels.ts';
import type { EngineEvent } from '../stack-engine.ts';
import type { DockerApi } from './docker-api.ts';
import { toEngineError } from './engine-errors.ts';
import { readJsonLines } from './json-lines.ts';
import { lostStream } from './watch.ts';

const COMPOSE_LABELS = 'com.docker.compose.';

/** What happens to the containers of a project, one-offs left out as Compose leaves them out. */
export async function* projectEvents(
  api: DockerApi,
  projectName: string,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent, void, void> {
  try {
    const filters = { type: ['container'], label: [`${LABEL.project}=${projectName}`] };
    const stream = await api.stream({ path: '/events', query: { filters }, signal });
    for await (const message of readJsonLines(stream)) {
      const event = toEngineEvent(message);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (signal.aborted) return;
    const fault = toEngineError(error);
    throw fault.code === 'engine.unreachable' ? fault : lostStream(error);
  }
  // The engine never ends it by itself.
  if (!signal.aborted) throw lostStream();
}

/** API ≥ 1.52 has only `Type`, `Action`, `Actor` and the times. */
export function toEngineEvent(message: Readonly<Record<string, unknown>>): EngineEvent | undefined {
  const actor = record(message.Actor);
  const attributes = Object.entries(record(actor.Attributes)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const labels = Object.fromEntries(attributes);
  const action = typeof message.Action === 'string' ? message.Action : '';
  if (action === '' || labels[LABEL.oneoff] === 'True') return undefined;
  // `health_status: healthy`, `exec_create: /bin/sh -c …`
  const colon = action.indexOf(': ');
  return {
    at: timeOf(message),
    action: colon === -1 ? action : action.slice(0, colon),
    ...(colon === -1 ? {} : { detail: action.slice(colon + 2).trim() }),
    service: labels[LABEL.service] ?? '',
    containerId: typeof actor.ID === 'string' ? actor.ID : '',
    attributes: Object.fromEntries(attributes.filter(([name]) => !name.startsWith(COMPOSE_LABELS))),
  };
}

function timeOf({ timeNano, time }: Readonly<Record<string, unknown>>): number {
  if (typeof timeNano === 'number') return Math.floor(timeNano / 1e6);
  return typeof time === 'number' ? time * 1000 : Date.now();
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
