import { modelOf } from '../backends/backend.ts';
import type { BackendPool, Candidate } from '../backends/backend-pool.ts';
import { objectsIn } from '../dialects/answers/answer-chunks.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { ownsTool } from './skill-tools.ts';

/** `lexical`: the gateway matches skills with the words of the request. `tool`: the model takes them by tool calls. */
export type Activation = 'lexical' | 'tool';

/** Smaller models call tools now and then, but do not choose by themselves which skill they need. */
const ENOUGH_PARAMETERS = 3e9;

/** Whether a model may be left to take skills by itself: what the configuration says, else what is known of it. */
export function callsToolsWell(pool: BackendPool, candidate: Candidate): boolean {
  const said = pool.toolsSetting(candidate.backend);
  if (said !== undefined) return said;
  const { demo, parameters, tools } = modelOf(candidate.backend, candidate.model) ?? {};
  return tools === true && demo !== true && (parameters ?? ENOUGH_PARAMETERS) >= ENOUGH_PARAMETERS;
}

/**
 * How a request gets its skills. Where the gateway's tools would change what was asked for, it matches: an answer in a
 * given format, several choices (each would take skills of its own), a say in which tool is called, or tools in the older
 * form or under our names.
 */
export function chooseActivation(wanted: Activation, fields: Readonly<JsonObject>): Activation {
  const { functions, n, response_format: format, tool_choice: choice, tools } = fields;
  const isPlain =
    (n ?? 1) === 1 &&
    (!isJsonObject(format) || format.type === 'text') &&
    (choice ?? 'auto') === 'auto' &&
    (functions ?? null) === null &&
    !objectsIn(tools).some((tool) => isJsonObject(tool.function) && ownsTool(tool.function.name));
  return isPlain ? wanted : 'lexical';
}
