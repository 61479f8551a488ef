import { isJsonObject, type JsonObject } from '../json.ts';
import { skillContent } from './apply-skills.ts';
import { listResources, readResource } from './skill-resources.ts';
import type { SkillSnapshot } from './skill-snapshot.ts';

const ACTIVATE = 'activate_skill';
const READ_FILE = 'read_skill_file';

/** Whether a tool of this name is the gateway's. */
export const ownsTool = (name: unknown): boolean => name === ACTIVATE || name === READ_FILE;

/** The gateway's own tools, by which a model takes the skills it wants. They never reach the caller. */
export class SkillTools {
  readonly #snapshot: SkillSnapshot;
  readonly #root: string;
  readonly #onActivated: (skill: string) => void;
  readonly #active = new Set<string>();

  constructor(snapshot: SkillSnapshot, root: string, onActivated: (skill: string) => void) {
    this.#snapshot = snapshot;
    this.#root = root;
    this.#onActivated = onActivated;
  }

  /** As OpenAI's `tools`. Names are an enumeration: a model cannot make one up. */
  get definitions(): readonly JsonObject[] {
    const names = this.#snapshot.skills.map(({ skill }) => skill.name);
    return [
      tool(
        ACTIVATE,
        'Gives the full text of a skill. Call it before you work on a task that the skill fits.',
        {
          name: { type: 'string', enum: names },
        },
      ),
      tool(READ_FILE, 'Gives a file that an activated skill refers to.', {
        skill: { type: 'string', enum: names },
        path: { type: 'string', description: 'Relative to the folder of the skill.' },
      }),
    ];
  }

  owns(name: unknown): boolean {
    return ownsTool(name);
  }

  /** What the model is told. Bad arguments are told as such: it may try again. */
  async run(name: string, text: string): Promise<string> {
    const given = parse(text);
    if (given === undefined) return 'Error: the arguments are not a JSON object.';
    return name === ACTIVATE ? this.#activate(given.name) : this.#read(given.skill, given.path);
  }

  async #activate(name: unknown): Promise<string> {
    const live = this.#find(name);
    if (live === undefined) return `Error: there is no skill ${JSON.stringify(name)}.`;
    if (this.#active.has(live.skill.name)) return `The skill ${live.skill.name} is active already.`;
    this.#active.add(live.skill.name);
    this.#onActivated(live.skill.name);
    const files = await listResources(this.#root, live.entry.directory);
    const resources =
      files.length === 0 ? '' : `\n<skill_resources>\n${files.join('\n')}\n</skill_resources>`;
    return skillContent(live) + resources;
  }

  async #read(skill: unknown, file: unknown): Promise<string> {
    const live = this.#find(skill);
    if (live === undefined) return `Error: there is no skill ${JSON.stringify(skill)}.`;
    if (typeof file !== 'string' || file === '') return 'Error: "path" must name a file.';
    const reading = await readResource(this.#root, live.entry.directory, file);
    return reading.kind === 'text' ? reading.text : `Error: ${reading.reason}`;
  }

  #find(name: unknown) {
    return this.#snapshot.skills.find(({ skill }) => skill.name === name);
  }
}

function tool(name: string, description: string, properties: JsonObject): JsonObject {
  const parameters = {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { type: 'function', function: { name, description, parameters } };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Told to the model by the caller.
    return undefined;
  }
}
