import type { SkillSelection } from '@skilldeck/agent-skills';
import type { JsonObject } from '../../json.ts';
import { invalidField } from '../invalid-body.ts';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

const NAMES = /^[a-z0-9-]{1,64}(?: *, *[a-z0-9-]{1,64}){0,15}$/i;

/**
 * Skills and conversation of a request: of its body, else of the headers `x-skilldeck-skills` (auto, none or names with
 * commas) and `x-skilldeck-conversation`, for clients that cannot add fields of their own.
 */
export function gatewayOptions(
  body: {
    readonly skills?: SkillSelection | null | undefined;
    readonly conversation?: string | null | undefined;
  },
  headers: RequestHeaders,
): { skills: SkillSelection | undefined; conversation: string | undefined } {
  return {
    skills: body.skills ?? skillsIn(headers['x-skilldeck-skills']),
    conversation: body.conversation ?? conversationIn(headers['x-skilldeck-conversation']),
  };
}

function skillsIn(header: string | string[] | undefined): SkillSelection | undefined {
  if (header === undefined || header === '') return undefined;
  const text = String(header).trim();
  if (text === 'auto' || text === 'none') return text;
  if (!NAMES.test(text)) throw invalidField('x-skilldeck-skills', 'expected auto, none or names with commas');
  return text.split(',').map((name) => name.trim());
}

function conversationIn(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const text = String(header);
  if (text.length > 200) throw invalidField('x-skilldeck-conversation', 'it is longer than 200 characters');
  return text;
}

/** Usage is always asked of a streaming backend, for the gateway's own accounts; the caller sees it when they asked. */
export function withUsage(fields: JsonObject, stream: boolean): JsonObject {
  if (!stream) return fields;
  const given = fields.stream_options as JsonObject | null | undefined;
  return { ...fields, stream_options: { ...given, include_usage: true } };
}

export function asksForUsage(body: JsonObject): boolean {
  return (body.stream_options as JsonObject | null | undefined)?.include_usage === true;
}
