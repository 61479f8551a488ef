import type { ModelSource } from '../../shared/models/models-contract.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';

export function fakeModels(world: FakeWorld): RpcClient['models'] {
  const use = (source: ModelSource) => {
    world.models.publish({ ...world.models.value, seq: world.models.value.seq + 1, source });
    return {};
  };
  return {
    subscribe: async (_input, options) => iterate(world.models.subscribe(options?.signal)),
    findOllama: async () => ({
      kind: 'found',
      baseUrl: 'http://127.0.0.1:11434/v1',
      models: ['qwen3:4b', 'llama3.2:3b'],
    }),
    probeUpstream: async ({ baseUrl }) =>
      baseUrl.includes('nowhere')
        ? {
            kind: 'not_found',
            error: { code: 'upstream.refused', message: `Nothing answers at ${baseUrl}.`, params: {} },
          }
        : { kind: 'found', baseUrl, models: ['gpt-oss-20b', 'qwen3-4b'] },
    chooseDemo: async () => use({ kind: 'demo' }),
    chooseUpstream: async (input) => {
      record(world, 'models.chooseUpstream', input);
      const model = input.model === undefined ? {} : { model: input.model };
      return use({ kind: 'upstream', baseUrl: input.baseUrl, hasKey: input.apiKey !== undefined, ...model });
    },
    chooseGguf: async () => {
      use({ kind: 'gguf', fileName: 'qwen3-4b-q4_k_m.gguf' });
      return { chosen: true };
    },
  };
}
