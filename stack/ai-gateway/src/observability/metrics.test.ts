import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const metrics = createMetrics({
  inFlight: () => 1,
  queueDepth: () => 2,
  generation: () => 3,
  loadErrors: () => 0,
  backends: () => [{ name: 'b', up: true }],
});

/**
 * The metrics of OpenTelemetry's GenAI conventions (semantic-conventions, docs/gen-ai/gen-ai-metrics.md), with the buckets that they
 * name, in Prometheus' form: dots are underscores, the unit `s` is a suffix, the unit `{token}` none.
 */
const CONVENTIONS = {
  gen_ai_server_request_duration_seconds: [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
  ],
  gen_ai_server_time_to_first_token_seconds: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ],
  gen_ai_server_time_per_output_token_seconds: [
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
  ],
  gen_ai_client_token_usage: [
    1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
  ],
};

test('names, attributes and buckets are those of the conventions', async () => {
  const labels = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'b' };
  metrics.duration.observe({ ...labels, error_type: '' }, 1);
  metrics.firstToken.observe(labels, 1);
  metrics.perToken.observe(labels, 1);
  metrics.tokens.observe({ ...labels, gen_ai_token_type: 'input' }, 1);
  const text = await metrics.registry.metrics();
  for (const [name, buckets] of Object.entries(CONVENTIONS)) {
    const edges = [...text.matchAll(new RegExp(`^${name}_bucket{le="([^"]+)"[^}]*}`, 'gm'))].map(
      (match) => match[1],
    );
    expect(edges, name).toEqual([...buckets.map(String), '+Inf']);
    expect(text).toMatch(new RegExp(`^${name}_count{[^}]*gen_ai_operation_name="chat"[^}]*}`, 'm'));
  }
  expect(text).toMatch(/^gen_ai_client_token_usage_count{[^}]*gen_ai_token_type="input"[^}]*}/m);
});

test('what the conventions have no name for begins with gateway_', async () => {
  const own = (await metrics.registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => !/^(process|nodejs)_/.test(name) && !Object.hasOwn(CONVENTIONS, name));
  expect(own.every((name) => name.startsWith('gateway_'))).toBe(true);
  expect(await metrics.registry.metrics()).toContain('gateway_backend_up{backend="b"} 1');
});
