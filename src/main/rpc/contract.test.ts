import { isContractProcedure } from '@orpc/contract';
import { isProcedure } from '@orpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { contract } from '../../shared/contract.ts';
import { ERROR_CODES } from '../../shared/errors/error-codes.ts';
import { createAppRouter } from '../app/shell/app-router.ts';
import { createRouter } from './router.ts';

/** Procedures by path, e.g. `skills.read`; handlers close over their service and ask it nothing while they are made. */
function walk<T>(tree: object, isLeaf: (value: unknown) => value is T, at = ''): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of Object.entries(tree)) {
    if (isLeaf(value)) found.set(at + key, value);
    else for (const [path, leaf] of walk(value as object, isLeaf, `${at}${key}.`)) found.set(path, leaf);
  }
  return found;
}

const nothing = {} as never;
const router = createRouter({
  app: createAppRouter(nothing),
  panel: { projects: {}, skills: {}, chat: {}, models: {} } as never,
  settings: nothing,
  workspaceChooser: nothing,
});
const procedures = walk(contract, isContractProcedure);
const handlers = walk(router, isProcedure);

test('every procedure of the contract has a handler, and no handler is outside of it', () => {
  expect(procedures.size).toBeGreaterThan(40);
  expect([...handlers.keys()].sort()).toEqual([...procedures.keys()].sort());
});

test.each([...procedures])('%s checks what goes in and what comes out', (path, procedure) => {
  const { errorMap, inputSchema, outputSchema } = procedure['~orpc'];
  expect(inputSchema).toBeDefined();
  expect(outputSchema).toBeDefined();
  expect(Object.keys(errorMap)).toEqual(['APP_ERROR']);
  const handler = handlers.get(path)?.['~orpc'];
  expect(handler?.handler).toBeTypeOf('function');
  // Parsed by main itself, not only promised by the types.
  expect(handler?.inputSchema).toBe(inputSchema);
  expect(handler?.outputSchema).toBe(outputSchema);
});

test.each([...procedures])('%s takes an object, and no text without an end', (_path, procedure) => {
  const schema = procedure['~orpc'].inputSchema as z.ZodObject | z.ZodDiscriminatedUnion;
  const forms = schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
  for (const form of forms) expect(form).toBeInstanceOf(z.ZodObject);
  expect(schema.safeParse('text').success).toBe(false);
  expect(unboundedTexts(z.toJSONSchema(schema, { io: 'input' }))).toEqual([]);
});

test('the codes of faults are unique and have a stable form', () => {
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  for (const code of ERROR_CODES) expect(code).toMatch(/^[a-z_]+(?:\.[a-z0-9_]+)?$/);
});

/** Places in a JSON Schema that accept any length of text. */
function unboundedTexts(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type } = schema as { type?: unknown };
  const isBounded = ['maxLength', 'enum', 'const', 'pattern'].some((key) => key in schema);
  if (type === 'string') return isBounded ? [] : [at];
  return Object.entries(schema).flatMap(([key, child]) => unboundedTexts(child, `${at}/${key}`));
}
