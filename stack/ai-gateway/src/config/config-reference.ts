import { z } from 'zod';
import { configJsonSchema } from './config-json-schema.ts';
import { LOG_LEVELS } from './config-schema.ts';
import { EnvironmentSchema } from './environment.ts';
import { needsRestart, VARIABLES } from './value-facts.ts';

type Schema = z.core.JSONSchema.JSONSchema;

/** One value of `config.json`, or a variable of the environment. */
export interface ReferenceValue {
  /** Of a backend with its kind: `backends[openai].weight`. */
  readonly key: string;
  readonly takes: string;
  /** As JSON; undefined: none. */
  readonly default: string | undefined;
  readonly variable: string | undefined;
  readonly needsRestart: boolean;
  readonly description: string | undefined;
}

/** Every value that the file may hold, in its order. */
export function fileValues(): readonly ReferenceValue[] {
  return valuesOf(configJsonSchema(), '');
}

/** Every variable of the environment. One that sets a value of the file says which. */
export function environmentValues(): readonly ReferenceValue[] {
  const variables = z.toJSONSchema(EnvironmentSchema, { io: 'output', unrepresentable: 'any' });
  const sets = new Map(Object.entries(VARIABLES).map(([key, variable]) => [String(variable), key]));
  return propertiesOf(variables).map(([key, schema]) => ({
    key,
    takes: takes(schema),
    default: undefined,
    variable: undefined,
    needsRestart: true,
    description: schema.description ?? (sets.has(key) ? `Sets \`${sets.get(key)}\`.` : undefined),
  }));
}

/** The tables of `docs/gateway-config.md`. */
export function configReference(): string {
  const rows = fileValues().map(
    (value) =>
      `| \`${value.key}\` | ${cell(value.takes)} | ${value.default === undefined ? '–' : `\`${value.default}\``} | ${value.variable === undefined ? '' : `\`${value.variable}\``} | ${value.needsRestart ? 'restart' : ''} | ${cell(value.description ?? '')} |`,
  );
  const variables = environmentValues().map(
    ({ description, key, takes: type }) => `| \`${key}\` | ${cell(type)} | ${cell(description ?? '')} |`,
  );
  return [
    '## Values of the file',
    '',
    '| value | takes | default | variable | | |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    '## Variables of the environment',
    '',
    '| variable | takes | |',
    '|---|---|---|',
    ...variables,
    '',
  ].join('\n');
}

function valuesOf(schema: Schema, prefix: string): ReferenceValue[] {
  return propertiesOf(schema).flatMap(([name, child]): ReferenceValue[] => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (child.properties !== undefined) return valuesOf(child, key);
    const own = oneValue(key, child);
    const kinds = isSchema(child.items) ? (child.items.oneOf ?? []) : [];
    return [own, ...kinds.filter(isSchema).flatMap((kind) => valuesOf(kind, `${key}[${kindOf(kind)}]`))];
  });
}

function oneValue(key: string, schema: Schema): ReferenceValue {
  return {
    key,
    takes: key === 'logLevel' ? quoted(LOG_LEVELS) : takes(schema),
    default: schema.default === undefined ? undefined : JSON.stringify(schema.default),
    variable: VARIABLES[key],
    needsRestart: needsRestart(key),
    description: key.endsWith('.kind') ? 'Which kind of backend this is.' : schema.description,
  };
}

function takes(schema: Schema): string {
  if (schema.const !== undefined) return quoted([schema.const]);
  if (schema.enum !== undefined) return quoted(schema.enum);
  const choices = (schema.anyOf ?? []).filter(isSchema);
  if (choices.length > 0) return choices.map(takes).join(', or ');
  const { maximum, minimum, type } = schema;
  switch (type) {
    case 'integer':
    case 'number':
      return `${type === 'integer' ? 'a whole number' : 'a number'} from ${number(minimum)} to ${number(maximum)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return schema.format === 'uri' ? 'an address' : 'a text';
    case 'array':
      return `a list of up to ${number(schema.maxItems)}`;
    case 'object':
      return 'an object';
    default:
      throw new Error(`There are no words for ${JSON.stringify(schema)}.`);
  }
}

const propertiesOf = (schema: Schema): [string, Schema][] =>
  Object.entries(schema.properties ?? {}).filter((entry): entry is [string, Schema] => isSchema(entry[1]));

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(schema: Schema): string {
  const { kind } = schema.properties ?? {};
  return isSchema(kind) ? String(kind.const) : '';
}

const number = (value: number | undefined): string => (value ?? Number.NaN).toLocaleString('en');
const quoted = (values: readonly unknown[]): string =>
  values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
/** A bar ends a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
