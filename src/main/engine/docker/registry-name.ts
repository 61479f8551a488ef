/** Docker Hub under the name that references use; it goes by several in files and helpers. */
export const DOCKER_HUB = 'docker.io';
/** The key that the Docker CLI keeps Docker Hub's credentials under. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const HUB_NAMES = new Set([DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** The registry that an image comes from: the part before the first slash, when it looks like a host. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/');
  const first = slash === -1 ? '' : reference.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return isHost ? normaliseRegistry(first) : DOCKER_HUB;
}

/** One name for all spellings of a registry: without scheme and path, in small letters. */
export function normaliseRegistry(name: string): string {
  const host =
    name
      .trim()
      .replace(/^https?:\/\//i, '')
      .split('/', 1)[0] ?? '';
  const lower = host.toLowerCase();
  return HUB_NAMES.has(lower) ? DOCKER_HUB : lower;
}

/** What credential helpers and the engine call the registry. */
export function serverAddressOf(registry: string): string {
  return registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry;
}
