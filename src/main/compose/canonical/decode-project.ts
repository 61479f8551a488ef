import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Definitions, ProjectDefinition, ServiceDefinition } from '../definition.ts';
import { describeFound, invalid, type Located, type LocatedMap, unknownKey } from '../located.ts';
import { compareKeys } from './byte-order.ts';
import { mapOf } from './codec.ts';
import { plainValue } from './plain-value.ts';
import { config, model, network, secret, volume } from './resource-codecs.ts';
import { text } from './scalar-codecs.ts';
import { NAME, service } from './service-codec.ts';

/** All that a file may have, besides `x-`. */
export const KEYS = [
  'name',
  'version',
  'include',
  'services',
  'models',
  'networks',
  'volumes',
  'secrets',
  'configs',
];

/** All that the files say, services of profiles that are off included. */
export interface DecodedProject {
  readonly services: Definitions<ServiceDefinition>;
  readonly networks: NonNullable<ProjectDefinition['networks']>;
  readonly volumes: NonNullable<ProjectDefinition['volumes']>;
  readonly secrets: NonNullable<ProjectDefinition['secrets']>;
  readonly configs: NonNullable<ProjectDefinition['configs']>;
  readonly models: NonNullable<ProjectDefinition['models']>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const services = mapOf({ ...service, read: required(service.read) }, NAME);
const networks = mapOf(network);
const volumes = mapOf(volume, NAME);
const secrets = mapOf({ read: required(secret.read) }, NAME);
const configs = mapOf({ read: required(config.read) }, NAME);
const models = mapOf(model);

/**
 * Reads the long form into Compose's canonical form; every value is of its type, references are not yet checked.
 *
 * @throws AppError `compose.invalid` or `compose.unknown_key`, naming the place.
 */
export function decodeProject(root: LocatedMap): DecodedProject {
  const extensions: [string, unknown][] = [];
  for (const [key, value] of root.entries) {
    if (key.startsWith('x-')) extensions.push([key, plainValue(value)]);
    else if (!KEYS.includes(key)) throw unknownKey(value.at, key, KEYS);
    else if (key === 'version' || key === 'name') text.read(value);
  }
  const section = <T>(key: string, codec: { read: (node: Located) => Definitions<T> | undefined }) => {
    const node = root.entries.get(key);
    return (node === undefined ? undefined : codec.read(node)) ?? {};
  };
  return {
    services: section('services', services),
    networks: section('networks', networks),
    volumes: section('volumes', volumes),
    secrets: section('secrets', secrets),
    configs: section('configs', configs),
    models: section('models', models),
    extensions: Object.fromEntries(extensions.sort(([a], [b]) => compareKeys(a, b))),
  };
}

function required<T>(read: (node: Located) => T | undefined): (node: Located) => T | undefined {
  return (node) => {
    if (node.kind !== 'map') throw invalid(node.at, phrase('map'), describeFound(node));
    return read(node);
  };
}
