import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

type Operation = JsonObject & {
  summary: string;
  requestBody?: { content: Record<string, { schema: JsonObject }> };
};
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonObject> };
}

describe('GET /openapi.json', () => {
  let gateway: TestGateway;
  let document: Document;

  beforeAll(async () => {
    gateway = await startGateway();
    document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => gateway.close());

  it('is a valid OpenAPI 3.1 document whose references all lead somewhere', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document) as unknown as JsonObject);
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(5);
    for (const reference of new Set(references)) {
      const name = /#\/components\/schemas\/([A-Za-z]+)"$/.exec(reference)?.[1] ?? reference;
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('holds every route of the gateway, each with a line about it', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => ({
        route: `${method.toUpperCase()} ${path}`,
        summary,
      })),
    );
    const routes = operations.map(({ route }) => route);
    for (const route of [
      'POST /v1/chat/completions',
      'POST /v1/completions',
      'POST /v1/embeddings',
      'POST /v1/responses',
      'POST /v1/messages',
      'POST /v1/messages/count_tokens',
      'GET /v1/models',
      'GET /v1/models/{id}',
      'GET /admin/status',
      'PUT /admin/secrets',
      'GET /healthz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /config.schema.json',
    ])
      expect(routes).toContain(route);
    expect(operations.filter(({ summary }) => summary === 'Not described yet')).toEqual([]);
  });

  it('stands beside the schema of the configuration, which editors complete from', async () => {
    const response = await fetch(`${gateway.url}/config.schema.json`);
    expect(response.headers.get('content-type')).toContain('application/schema+json');
    expect(await response.json()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: {
        maxConcurrent: { type: 'integer', default: 50, description: expect.any(String) },
        logLevel: { default: 'info' },
      },
      additionalProperties: false,
    });
  });

  it.each(['/openapi.json', '/config.schema.json'])('sends no body of %s to one who has it', async (path) => {
    const first = await fetch(`${gateway.url}${path}`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    // Proxies that compress make it a weak one, and clients may have several.
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { 'if-none-match': known } });
      expect([known, response.status, await response.text()]).toEqual([known, 304, '']);
      expect(response.headers.get('etag')).toBe(etag);
    }
    const other = await fetch(`${gateway.url}${path}`, { headers: { 'if-none-match': '"other"' } });
    expect([other.status, await other.text()]).toEqual([200, await first.text()]);
  });

  it('says of requests what validates them', () => {
    const schemas = document.components.schemas as Record<
      string,
      { required?: string[]; properties?: JsonObject }
    >;
    expect(schemas.ChatCompletionRequest?.required).toEqual(['messages']);
    expect(Object.keys(schemas.ChatCompletionRequest?.properties ?? {})).toEqual(
      expect.arrayContaining(['tools', 'response_format', 'stream_options', 'skills']),
    );
    expect(schemas.MessagesRequest?.required).toEqual(['messages']);
    expect(schemas.TextsOrTokens).toHaveProperty('anyOf');
    const body = document.paths['/v1/responses']?.post?.requestBody?.content['application/json']?.schema;
    expect(body).toEqual({ $ref: '#/components/schemas/ResponsesRequest' });
  });
});
