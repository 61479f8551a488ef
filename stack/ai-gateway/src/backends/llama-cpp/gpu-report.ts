import {
  getLlamaGpuTypes,
  type Llama,
  type LlamaGpuType,
  type LlamaModel,
  NoBinaryFoundError,
} from 'node-llama-cpp';
import type { GpuChoice, GpuReport } from './lifecycle-protocol.ts';

/**
 * Opens llama.cpp with the GPU of choice.
 *
 * @throws {Error} when a certain one is wanted that is not there: the CPU instead would be slow without a word
 */
export async function openWithGpu(
  choice: GpuChoice,
  open: (gpu: LlamaGpuType | 'auto') => Promise<Llama>,
): Promise<Llama> {
  const wanted = choice === 'off' ? false : choice;
  const llama = await open(wanted).catch((error: unknown) => {
    if (error instanceof NoBinaryFoundError) return undefined;
    throw error;
  });
  if (llama !== undefined && (wanted === 'auto' || llama.gpu === wanted)) return llama;
  const offered = [...(await offeredGpus()), 'off'].join(', ');
  throw new Error(`This build has no "${choice}" that works on this machine; "gpu" can be auto, ${offered}.`);
}

/** What the build offers on this machine, and what the loaded model has of it. Runs in the child process. */
export async function reportGpu(llama: Llama, model: LlamaModel): Promise<GpuReport> {
  return {
    offered: await offeredGpus(),
    used: llama.gpu === false ? 'off' : llama.gpu,
    devices: llama.gpu === false ? [] : await llama.getGpuDeviceNames().catch(() => []),
    layers: llama.gpu === false ? 0 : model.gpuLayers,
    totalLayers: model.fileInsights.totalLayers,
  };
}

async function offeredGpus(): Promise<string[]> {
  const types = await getLlamaGpuTypes('supported').catch(() => []);
  return types.flatMap((type) => (type === false ? [] : [type]));
}
