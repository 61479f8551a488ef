import { AppError } from '../../shared/errors/app-error.ts';
import type { SkillDocument } from '../../shared/skills/skills-contract.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { SAMPLE_SKILLS } from './sample-state.ts';

/** Skills in memory; a save is live at once with the next generation. */
export function fakeSkills(world: FakeWorld): RpcClient['skills'] {
  const documents = new Map(SAMPLE_SKILLS.map((skill) => [skill.id, skill]));
  const read = (id: string): SkillDocument => {
    const document = documents.get(id);
    if (!document) throw new AppError('skill.not_found', `There is no skill ${id}.`, { params: { id } });
    return document;
  };
  const publish = () => {
    const known = world.skills.value;
    const skills = [...documents.values()].map((document) => {
      const { id, version, diagnostics, text } = document;
      const old = known.skills.find((skill) => skill.id === id);
      const fresh = { name: id, description: '', modifiedAt: 0, live: 'live' as const };
      return { ...(old ?? fresh), id, version, diagnostics, bytes: text.length };
    });
    world.skills.publish({ ...known, seq: known.seq + 1, skills });
  };
  return {
    subscribe: async (_input, options) => iterate(world.skills.subscribe(options?.signal)),
    read: async ({ id }) => read(id),
    save: async (input) => {
      record(world, 'skills.save', input);
      const current = read(input.id);
      if (input.baseVersion !== null && input.baseVersion !== current.version)
        return { kind: 'conflict', current };
      const version = `v${Number(current.version.slice(1)) + 1}`;
      documents.set(input.id, { ...current, text: input.text, version });
      const { gateway } = world.skills.value;
      if (gateway.kind === 'not_running') {
        publish();
        return {
          kind: 'saved',
          version,
          diagnostics: current.diagnostics,
          live: { kind: 'gateway_not_running' },
        };
      }
      const generation = gateway.generation + 1;
      world.skills.publish({ ...world.skills.value, gateway: { kind: 'live', generation } });
      publish();
      return {
        kind: 'saved',
        version,
        diagnostics: current.diagnostics,
        live: { kind: 'live', generation, elapsedMs: 38 },
      };
    },
    create: async ({ name }) => {
      if (documents.has(name))
        throw new AppError('skill.exists', `A skill ${name} exists.`, { params: { name } });
      const document = {
        id: name,
        version: 'v1',
        diagnostics: [],
        text: `---\nname: ${name}\ndescription: \n---\n`,
      };
      documents.set(name, document);
      publish();
      return document;
    },
    remove: async ({ id }) => {
      read(id);
      documents.delete(id);
      publish();
      return {};
    },
  };
}
