import { isJsonObject, type JsonObject } from '../json.ts';
import { skillContent } from './apply-skills.ts';
import type { SkillResources } from './skill-resources.ts';
import type { SkillSnapshot } from './skill-snapshot.ts';

const ACTIVATE = 'activate_skill';
const READ_FILE = 'read_skill_file';

/** Whether a tool of this name is the gateway's. */
export const ownsTool = (name: unknown): boolean => name === ACTIVATE || name === READ_FILE;

export interface SkillToolsOptions {
  readonly snapshot: SkillSnapshot;
  /** Folder of all skills. */
  readonly root: string;
  readonly resources: SkillResources;
  /** Names of skills that the model has been given already. */
  readonly active: readonly string[];
  /** Of what the model takes in one answer, texts of skills and their files. */
  readonly budget: { readonly tokens: number; readonly tokensOf: (text: string) => number };
  readonly onActivated: (skill: string) => void;
}

/** The gateway's own tools, by which a model takes the skills it wants. They never reach the caller. */
export class SkillTools {
  readonly #options: SkillToolsOptions;
  readonly #active: Set<string>;
  #left: number;

  constructor(options: SkillToolsOptions) {
    this.#options = options;
    this.#left = options.budget.tokens;
    this.#active = new Set(options.active);
  }

  /** As OpenAI's `tools`. Names are an enumeration: a model cannot make one up. */
  get definitions(): readonly JsonObject[] {
    const names = this.#options.snapshot.skills.map(({ skill }) => skill.name);
    return [
      tool(
        ACTIVATE,
        'Gives the full text of a skill. Call it before you work on a task that the skill fits.',
        {
          name: { type: 'string', enum: names },
        },
      ),
      tool(READ_FILE, 'Gives a file that an activated skill refers to.', {
        skill: { type: 'string' },
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

  #activate(name: unknown): string {
    const live = this.#find(name);
    if (live === undefined) return `Error: there is no skill ${JSON.stringify(name)}.`;
    if (this.#active.has(live.skill.name)) return `The skill ${live.skill.name} is active already.`;
    const files = live.resources.map((resource) => resource.path);
    const resources =
      files.length === 0 ? '' : `\n<skill_resources>\n${files.join('\n')}\n</skill_resources>`;
    const text = skillContent(live) + resources;
    const refusal = this.#take(text);
    if (refusal !== undefined) return refusal;
    this.#active.add(live.skill.name);
    this.#options.onActivated(live.skill.name);
    return text;
  }

  async #read(skill: unknown, file: unknown): Promise<string> {
    const live = this.#find(skill);
    if (live === undefined) return `Error: there is no skill ${JSON.stringify(skill)}.`;
    if (typeof file !== 'string' || file === '') return 'Error: "path" must name a file.';
    const { resources, root } = this.#options;
    const reading = await resources.read(root, live.entry.directory, live.resources, file);
    return reading.kind === 'text' ? (this.#take(reading.text) ?? reading.text) : `Error: ${reading.reason}`;
  }

  /** Counts a text that the model is given; when there is no room for it, what the model is told instead. */
  #take(text: string): string | undefined {
    const tokens = this.#options.budget.tokensOf(text);
    if (tokens > this.#left)
      return `Error: this has ${tokens} tokens, and only ${this.#left} are left for skills. Go on without it.`;
    this.#left -= tokens;
    return undefined;
  }

  #find(name: unknown) {
    return this.#options.snapshot.skills.find(({ skill }) => skill.name === name);
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
