import type { LlamaCppBackendConfig } from '../../../config/backend-schema.ts';
import type { GgufFile } from '../gguf-file.ts';
import type { ToWorker } from '../worker-protocol.ts';

/** A model this small is slowed down by a second thread and gains nothing from a GPU. */
const TINY_BYTES = 64 * 1024 * 1024;

export function toLoadOrder(
  config: LlamaCppBackendConfig,
  file: GgufFile,
): Extract<ToWorker, { type: 'load' }> {
  const isTiny = file.bytes < TINY_BYTES;
  const { contextSize, gpu, gpuLayers, parallel, threads = isTiny ? 1 : undefined } = config;
  return {
    type: 'load',
    modelPath: file.path,
    contextSize,
    parallel,
    gpu: isTiny && gpu === 'auto' ? 'off' : gpu,
    gpuLayers,
    ...(threads === undefined ? {} : { threads }),
  };
}
