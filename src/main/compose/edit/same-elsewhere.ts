import { dataOf, type EditDocument } from './edit-document.ts';
import { FIELD_PATHS, type ServiceFormValues } from './read-service-form.ts';

/** True when two files say the same but for what the form of a service can change. */
export function sameElsewhere(before: EditDocument, after: EditDocument, service: string): boolean {
  return isEqual(withoutForm(dataOf(before), service), withoutForm(dataOf(after), service));
}

/** Variables are compared by name; their order is the file's matter. */
export function sameForm(a: ServiceFormValues, b: ServiceFormValues): boolean {
  const variables = ({ environment }: ServiceFormValues) =>
    new Map(environment.map(({ name, value }) => [name, value]));
  return (
    (['image', 'restart', 'replicas', 'cpus', 'memory'] as const).every((field) => a[field] === b[field]) &&
    isEqual(a.ports, b.ports) &&
    isEqual(variables(a), variables(b))
  );
}

/** Takes the fields of the form away, and what is empty without them. */
function withoutForm(data: unknown, service: string): unknown {
  const root = data instanceof Map ? data : new Map<unknown, unknown>();
  const paths: string[][] = [...Object.values(FIELD_PATHS).flat(), ['ports'], ['environment']].map((path) => [
    'services',
    service,
    ...path,
  ]);
  return paths.reduce(without, root) ?? new Map();
}

function without(node: unknown, [first, ...rest]: readonly string[]): unknown {
  if (!(node instanceof Map)) return node === null ? undefined : node;
  // Maps are shared wherever an alias leads to them: a copy.
  const copy = new Map<unknown, unknown>(node);
  const key = [...copy.keys()].find((candidate) => String(candidate) === first);
  if (key !== undefined) {
    const value = rest.length === 0 ? undefined : without(copy.get(key), rest);
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy.size === 0 ? undefined : copy;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)));
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return Object.is(a, b);
}
