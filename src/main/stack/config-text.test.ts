import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadProject } from '../compose/load-project.ts';
import { configText } from './config-text.ts';

const COMPOSE = `name: shop
services:
  web:
    image: web
    build: { context: ., args: { NPM_TOKEN: very-secret, MODE: fast } }
    environment: { API_KEY: very-secret, MODE: "a$$b", DSN: "postgres://u:very-secret@db/x", EMPTY_TOKEN: "" }
    secrets: [key]
secrets:
  key: { file: ./key.txt }
`;

test('prints the whole project and no secret of it', async () => {
  const files = [{ path: '/shop/compose.yaml', text: COMPOSE }];
  const text = configText(await loadProject({ files, env: {}, workingDir: '/shop' }));
  expect(text).not.toContain('very-secret');
  expect(parse(text)).toMatchObject({
    name: 'shop',
    services: {
      web: {
        build: { args: { NPM_TOKEN: '••••', MODE: 'fast' } },
        environment: { API_KEY: '••••', MODE: 'a$$b', DSN: '••••', EMPTY_TOKEN: '' },
      },
    },
  });
});
