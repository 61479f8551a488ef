import { expect, test } from 'vitest';
import type { ServiceForm } from '../../../../shared/stack/stack-contract.ts';
import { hasBadNames, toChanges, toDraft } from './form-draft.ts';

const FORM: ServiceForm = {
  file: 'compose.override.yaml',
  version: 'v1',
  image: 'shop/web:2.4',
  replicas: 2,
  memory: '512M',
  ports: ['127.0.0.1:3000:8080'],
  environment: [
    { name: 'PORT', value: '8080' },
    { name: 'TOKEN', value: null },
  ],
};
const draft = toDraft(FORM);

test('writes nothing when nothing was changed', () => {
  expect(toChanges(FORM, draft)).toEqual([]);
});

test('sets what was typed and takes out what was emptied', () => {
  expect(
    toChanges(FORM, { ...draft, image: ' shop/web:2.5 ', memory: '', replicas: '3', cpus: '0.5' }),
  ).toEqual([
    { field: 'image', value: 'shop/web:2.5' },
    { field: 'cpus', value: '0.5' },
    { field: 'memory' },
    { field: 'replicas', value: 3 },
  ]);
});

test('takes ports a line each and drops empty lines', () => {
  expect(toChanges(FORM, { ...draft, ports: '127.0.0.1:3000:8080\n\n 9000:9000 \n' })).toEqual([
    { field: 'ports', value: ['127.0.0.1:3000:8080', '9000:9000'] },
  ]);
});

test('renames a variable by removing the old and setting the new, and keeps one from outside as it is', () => {
  const environment = draft.environment.map((variable) =>
    variable.name === 'PORT' ? { ...variable, name: 'HTTP_PORT' } : variable,
  );
  expect(toChanges(FORM, { ...draft, environment })).toEqual([
    { field: 'environment', name: 'PORT' },
    { field: 'environment', name: 'HTTP_PORT', value: '8080' },
  ]);
});

test('refuses names twice and names that are none', () => {
  const add = (name: string) => ({
    ...draft,
    environment: [...draft.environment, { key: 9, name, value: '' }],
  });
  expect([
    hasBadNames(draft),
    hasBadNames(add('PORT')),
    hasBadNames(add('')),
    hasBadNames(add('A=B')),
  ]).toEqual([false, true, true, true]);
});
