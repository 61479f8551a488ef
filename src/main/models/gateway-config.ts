import { jsonErrorPlace } from '@skilldeck/agent-skills';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { inEnglish, type Phrase, phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';
import type { ModelSource } from '../../shared/models/models-contract.ts';

export const DEMO_MODEL_FILE = 'skilldeck-demo.gguf';
/** Under this name the upstream's key is in the keychain and in the gateway's memory. */
export const UPSTREAM_SECRET = 'upstream';

const backendSchema = z.looseObject({
  name: z.string(),
  kind: z.string(),
  modelPath: z.string().optional(),
  baseUrl: z.string().optional(),
  model: z.string().optional(),
  apiKeySecret: z.string().optional(),
});

/** The gateway's `config.json` as far as the panel changes it; every other key is kept as it is. */
const gatewayConfigSchema = z.looseObject({ backends: z.array(backendSchema).default([]) });
export type GatewayConfig = z.output<typeof gatewayConfigSchema>;

/** @throws AppError `config.invalid` with the line */
export function parseGatewayConfig(text: string, file: string): GatewayConfig {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { line, column } = jsonErrorPlace(text);
    throw invalid(file, line, phrase('not_json', { column }), error);
  }
  const parsed = gatewayConfigSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(
    file,
    1,
    verbatim(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`),
    parsed.error,
  );
}

/** Where the first backend gets its answers from; a configuration without one means the demo model. */
export function sourceOf(config: GatewayConfig): ModelSource {
  const [first] = config.backends;
  if (first?.kind === 'openai' && first.baseUrl !== undefined)
    return {
      kind: 'upstream',
      baseUrl: first.baseUrl,
      ...(first.model === undefined ? {} : { model: first.model }),
      hasKey: first.apiKeySecret !== undefined,
    };
  const file = first?.modelPath?.split(/[/\\]/).at(-1);
  return file === undefined || file === DEMO_MODEL_FILE ? { kind: 'demo' } : { kind: 'gguf', fileName: file };
}

/**
 * The same configuration with one backend, the chosen one.
 *
 * What somebody has set for the model of the gateway itself (its GPU, when it is unloaded) holds for another file, too.
 */
export function withSource(config: GatewayConfig, source: ModelSource): GatewayConfig {
  const backend = backendOf(source);
  const before = config.backends.find(({ kind, name }) => kind === 'llama-cpp' && name === backend.name);
  return { ...config, backends: [{ ...before, ...backend }] };
}

function backendOf(source: ModelSource): GatewayConfig['backends'][number] {
  switch (source.kind) {
    case 'demo':
      return { name: 'local', kind: 'llama-cpp', modelPath: `models/${DEMO_MODEL_FILE}` };
    case 'gguf':
      return { name: 'local', kind: 'llama-cpp', modelPath: `models/${source.fileName}` };
    case 'upstream':
      return {
        name: 'upstream',
        kind: 'openai',
        baseUrl: source.baseUrl,
        ...(source.model === undefined ? {} : { model: source.model }),
        ...(source.hasKey ? { apiKeySecret: UPSTREAM_SECRET } : {}),
      };
  }
}

function invalid(file: string, line: number, reason: Phrase, cause: unknown): AppError {
  return new AppError(
    'config.invalid',
    `The gateway's configuration ${file}, line ${line}: ${inEnglish(reason)}.`,
    {
      hint: 'Mend it in the file manager or an editor. The gateway goes on with the last good one.',
      params: { file, line, reason },
      cause,
    },
  );
}
