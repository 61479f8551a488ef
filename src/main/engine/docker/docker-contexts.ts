import { createHash } from 'node:crypto';
import type { DockerContext } from '../../../shared/stack/projects-contract.ts';
import { currentContext, readMeta } from './context-files.ts';
import { defaultTargets } from './docker-targets.ts';
import { configFolder, type HostFacts, joinPath } from './host-facts.ts';

const MAX_CONTEXTS = 200;
const MAX_TEXT_CHARS = 256;

/**
 * The contexts of the Docker CLI, its default first, then by name. Damaged ones are left out.
 *
 * @param chosen the one that the panel was told to use; it counts more than the environment
 */
export async function listDockerContexts(
  facts: HostFacts,
  chosen?: string,
): Promise<readonly DockerContext[]> {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: named } = facts.env;
  const isFixed = chosen === undefined && Boolean(host || named);
  const current = chosen ?? (host ? 'default' : named || (await currentContext(facts)) || 'default');
  const toContext = (name: string, description: string, endpoint: string): DockerContext => ({
    name,
    description: description.slice(0, MAX_TEXT_CHARS),
    endpoint: withoutCredentials(endpoint),
    current: name === current,
    fixed: isFixed && name === current,
  });
  const stored = await readStored(facts);
  return [
    toContext('default', '', host || defaultEndpoint(facts)),
    ...stored
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, description, endpoint }) => toContext(name, description, endpoint)),
  ];
}

interface StoredContext {
  readonly name: string;
  readonly description: string;
  readonly endpoint: string;
}

async function readStored(facts: HostFacts): Promise<StoredContext[]> {
  const folder = joinPath(facts, configFolder(facts), 'contexts', 'meta');
  const names = (await facts.listNames?.(folder)) ?? [];
  const ids = names.filter((name) => /^[0-9a-f]{64}$/.test(name)).slice(0, MAX_CONTEXTS);
  const found = await Promise.all(
    ids.map(async (id): Promise<StoredContext[]> => {
      const meta = readMeta(await facts.readText(joinPath(facts, folder, id, 'meta.json')));
      if (!meta || meta.name.length > MAX_TEXT_CHARS || idOf(meta.name) !== id) return [];
      return [{ name: meta.name, description: meta.description, endpoint: meta.host }];
    }),
  );
  return found.flat();
}

function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function defaultEndpoint(facts: HostFacts): string {
  const [first] = defaultTargets(facts);
  return first && 'path' in first.address ? `${first.address.kind}://${first.address.path}` : '';
}

/** `tcp://user:secret@host` is possible, if unwise. */
function withoutCredentials(endpoint: string): string {
  return endpoint.replace(/^([a-z+]+:\/\/[^/@:]*):[^/@]*@/i, '$1@').slice(0, MAX_TEXT_CHARS);
}
