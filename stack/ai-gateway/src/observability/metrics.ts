import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricSources {
  readonly inFlight: () => number;
  readonly queueDepth: () => number;
  readonly generation: () => number;
  readonly loadErrors: () => number;
  readonly backends: () => readonly { readonly name: string; readonly up: boolean }[];
}

const DURATION_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const FIRST_TOKEN_BUCKETS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const PER_TOKEN_BUCKETS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const OVERHEAD_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];
const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
const SAMPLED_LAG = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];
/** A label value per skill must not grow without bound. */
const MAX_SKILL_LABELS = 100;

export type Metrics = ReturnType<typeof createMetrics>;

/** The gateway's metrics: OpenTelemetry GenAI names in Prometheus form, and `gateway_*` for what they do not cover. */
export function createMetrics(sources: MetricSources) {
  const registry = new Registry();
  // Sampling the event loop would wake an idle process a hundred times a second; the lag is measured at each scrape instead.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 2_000_000_000 });
  for (const part of SAMPLED_LAG) registry.removeSingleMetric(`nodejs_eventloop_lag_${part}_seconds`);
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('gateway_inflight', 'Requests a backend works on.', sources.inFlight);
  gauge('gateway_queue_depth', 'Requests that wait for a slot.', sources.queueDepth);
  gauge('gateway_skill_generation', 'Generation of the live skill snapshot.', sources.generation);
  gauge(
    'gateway_skill_load_errors',
    'Errors among the diagnostics of the live snapshot.',
    sources.loadErrors,
  );
  new Gauge({
    name: 'gateway_backend_up',
    help: '1 when the backend can answer.',
    labelNames: ['backend'],
    registers,
    collect() {
      this.reset();
      for (const { name, up } of sources.backends()) this.set({ backend: name }, up ? 1 : 0);
    },
  });
  const labelNames = ['gen_ai_operation_name', 'gen_ai_provider_name', 'error_type'];
  const skillLabels = new Set<string>();
  const activations = new Counter({
    name: 'gateway_skill_activations_total',
    help: 'Requests a skill was applied to.',
    labelNames: ['skill'],
    registers,
  });
  return {
    registry,
    duration: new Histogram({
      name: 'gen_ai_server_request_duration_seconds',
      help: 'From request to end of answer.',
      labelNames,
      buckets: DURATION_BUCKETS,
      registers,
    }),
    firstToken: new Histogram({
      name: 'gen_ai_server_time_to_first_token_seconds',
      help: 'From request to first token.',
      labelNames: labelNames.slice(0, 2),
      buckets: FIRST_TOKEN_BUCKETS,
      registers,
    }),
    perToken: new Histogram({
      name: 'gen_ai_server_time_per_output_token_seconds',
      help: 'Time per token after the first one.',
      labelNames: labelNames.slice(0, 2),
      buckets: PER_TOKEN_BUCKETS,
      registers,
    }),
    tokens: new Histogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens per request.',
      labelNames: [...labelNames.slice(0, 2), 'gen_ai_token_type'],
      buckets: TOKEN_BUCKETS,
      registers,
    }),
    queueWait: new Histogram({
      name: 'gateway_queue_wait_seconds',
      help: 'Time spent in the queue.',
      buckets: FIRST_TOKEN_BUCKETS,
      registers,
    }),
    overhead: new Histogram({
      name: 'gateway_overhead_seconds',
      help: 'From a request that is read to the first call of a backend, without the wait in the queue.',
      buckets: OVERHEAD_BUCKETS,
      registers,
    }),
    rejected: new Counter({
      name: 'gateway_rejected_total',
      help: 'Requests not admitted.',
      labelNames: ['reason'],
      registers,
    }),
    cache: new Counter({
      name: 'gateway_cache_requests_total',
      help: 'Requests by what became of them at the cache.',
      labelNames: ['result', 'tier'],
      registers,
    }),
    cancelled: new Counter({
      name: 'gateway_cancelled_total',
      help: 'Requests the client gave up.',
      labelNames: ['phase'],
      registers,
    }),
    reloads: new Counter({
      name: 'gateway_skill_reload_total',
      help: 'Skill reloads that changed something.',
      labelNames: ['result'],
      registers,
    }),
    countActivation: (skill: string): void => {
      if (skillLabels.size >= MAX_SKILL_LABELS && !skillLabels.has(skill)) skill = 'other';
      skillLabels.add(skill);
      activations.inc({ skill });
    },
  };
}
