import fc from 'fast-check';

/*
 * For tests: values that are nearly right. Each field is left out, as it should be, or anything at all; so most come past
 * the first check, which those made of chance alone never would.
 */

export const word = fc.string({ maxLength: 12 });
export const name = fc.string({ minLength: 1, maxLength: 12 });
const key = fc.oneof(
  word,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'type', 'role', 'content', 'id'),
);
export const leaf = fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
export const { junk } = fc.letrec((tie) => ({
  junk: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('junk'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('junk')), { maxLength: 4 }).map(toObject),
  ),
}));

/** `defineProperty`, so that `__proto__` is a key like any other, as it is in JSON. */
function toObject(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [field, value] of entries)
    Object.defineProperty(made, field, { value, enumerable: true, configurable: true, writable: true });
  return made;
}

export type Fields = Record<string, fc.Arbitrary<unknown>>;

/** One time in a hundred: a body has dozens of places, and one that is wrong is enough to refuse it. */
function orSometimes<T, S>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<S>): fc.Arbitrary<T | S> {
  return fc.oneof({ weight: 99, arbitrary: usual }, { weight: 1, arbitrary: other });
}

/** Any field may be missing; at times one is junk, or there is one more. */
export function object(fields: Fields, always: readonly string[] = []): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, orSometimes(value, junk)]),
  );
  return fc
    .tuple(
      fc.record(model, { requiredKeys: 'type' in fields ? ['type', ...always] : [...always] }),
      orSometimes(fc.constant(undefined), fc.tuple(key, junk)),
    )
    .map(([made, extra]) => (extra === undefined ? made : { ...made, ...toObject([extra]) }));
}

/** One of these fields in addition, or none. */
export function withOneOf(fields: Fields, body: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const others = Object.entries(fields).map(([field, value]) => value.map((given) => ({ [field]: given })));
  return fc
    .tuple(body, fc.oneof(fc.constant({}), fc.oneof(...others)))
    .map(([made, other]) => ({ ...(made as object), ...other }));
}

/** The first nine times in ten. */
export function mostly(usual: unknown, ...rest: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rest) },
  );
}

export const list = (item: fc.Arbitrary<unknown>, minLength = 0): fc.Arbitrary<unknown> =>
  fc.array(item, { minLength, maxLength: 4 });
export const one = (...values: unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);
