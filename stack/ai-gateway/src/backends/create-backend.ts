import type { BackendConfig } from '../config/backend-schema.ts';
import type { GatewayConfig } from '../config/config-schema.ts';
import type { Gateway } from '../gateway.ts';
import type { Backend } from './backend.ts';
import { LlamaCppBackend } from './llama-cpp/llama-cpp-backend.ts';
import { OpenAiBackend } from './openai/openai-backend.ts';

/** Makes a backend from its configuration; a new kind is one folder and one case here. */
export function createBackend(config: BackendConfig, settings: GatewayConfig, gateway: Gateway): Backend {
  const { logger, secrets } = gateway;
  const onState = (backend: Backend): void => {
    const { state } = backend;
    const fields = { backend: backend.name, state: state.kind };
    if (state.kind === 'unavailable')
      logger.warn({ ...fields, code: state.code, reason: state.message }, 'backend state');
    else logger.info(fields, 'backend state');
  };
  switch (config.kind) {
    case 'openai': {
      const backend: OpenAiBackend = new OpenAiBackend({
        config,
        timeouts: settings.timeouts,
        secret: (name) => secrets.get(name),
        onState: () => {
          gateway.pool.noteState(backend);
          onState(backend);
        },
      });
      return backend;
    }
    case 'llama-cpp': {
      const backend: LlamaCppBackend = new LlamaCppBackend({
        config,
        onState: () => onState(backend),
        onLog: (level, message) => logger[level]({ backend: config.name, reason: message }, 'llama.cpp'),
      });
      return backend;
    }
  }
}
