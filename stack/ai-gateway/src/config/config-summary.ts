import type { GatewayConfig } from './config-schema.ts';

/** A few lines for a person who has asked whether the configuration is right. Holds no secret. */
export function formatConfigSummary(config: GatewayConfig): string {
  const backends = config.backends.map((backend) =>
    backend.kind === 'openai'
      ? `backend ${backend.name}: ${backend.baseUrl}${backend.model === undefined ? '' : ` (${backend.model})`}`
      : `backend ${backend.name}: ${backend.modelPath}`,
  );
  return [
    `${config.path} is valid.`,
    `listens on ${config.host}:${config.port}, log level ${config.logLevel}`,
    `at most ${config.maxConcurrent} requests at once, ${config.maxQueue} waiting`,
    `skills: ${config.skillsDir}`,
    ...(backends.length === 0 ? ['no backend is configured yet'] : backends),
  ].join('\n');
}
