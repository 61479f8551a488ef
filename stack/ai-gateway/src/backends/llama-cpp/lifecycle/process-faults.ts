import { GatewayError } from '../../../gateway-error.ts';
import { loadingSentence } from './process-state.ts';

const RETRY_LOADING_SECONDS = 5;
const NO_MEMORY_HINT =
  'The system may have ended it for want of memory: choose a smaller model, or a lower contextSize or parallel.';

export function stillLoading(modelFile: string, progress: number): GatewayError {
  return new GatewayError('model_loading', loadingSentence(modelFile, progress), {
    retryAfterSeconds: RETRY_LOADING_SECONDS,
  });
}

export function unloaded(modelFile: string): GatewayError {
  return new GatewayError('model_unloaded', `The model ${modelFile} was unloaded.`);
}

export function inUse(requests: number): GatewayError {
  const sentence = `The model is in use (${requests} request${requests === 1 ? '' : 's'}).`;
  return new GatewayError('backend_busy', sentence, { hint: 'Wait for their end, or unload it by force.' });
}

export function notLoaded(modelPath: string, reason: string): GatewayError {
  return new GatewayError('model_load_failed', `The model ${modelPath} could not be loaded: ${reason}`);
}

/** @param how a clause like "exit code 1" or the name of a signal */
export function lost(how: string, wasLoading: boolean, retryInMs: number): GatewayError {
  const sentence = `The process that runs the model ended unexpectedly (${how}); it is being started again.`;
  return new GatewayError('worker_crashed', sentence, {
    retryAfterSeconds: Math.ceil(retryInMs / 1000),
    ...(wasLoading && how === 'SIGKILL' ? { hint: NO_MEMORY_HINT } : {}),
  });
}
