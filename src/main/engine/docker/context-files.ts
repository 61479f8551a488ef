import { configFolder, type HostFacts, joinPath } from './host-facts.ts';

/** Name of the current context in the CLI's configuration. */
export async function currentContext(facts: HostFacts): Promise<string | undefined> {
  const text = await facts.readText(joinPath(facts, configFolder(facts), 'config.json'));
  const current = text === undefined ? undefined : parseRecord(text)?.currentContext;
  return typeof current === 'string' && current !== '' ? current : undefined;
}

export interface ContextMeta {
  readonly name: string;
  readonly description: string;
  readonly host: string;
  readonly skipVerify: boolean;
}

/** Reads a context's `meta.json`; undefined for one that is damaged or has no engine. */
export function readMeta(text: string | undefined): ContextMeta | undefined {
  const meta = text === undefined ? undefined : parseRecord(text);
  const { Name: name, Metadata: metadata } = meta ?? {};
  const { Host: host, SkipTLSVerify: skipVerify } = asRecord(asRecord(meta?.Endpoints).docker);
  if (typeof host !== 'string' || host === '') return undefined;
  const { Description: description } = asRecord(metadata);
  return {
    name: typeof name === 'string' ? name : '',
    description: typeof description === 'string' ? description : '',
    host,
    skipVerify: skipVerify === true,
  };
}

function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    // A damaged file of the Docker CLI: treated as absent, as the CLI's own default applies then.
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
