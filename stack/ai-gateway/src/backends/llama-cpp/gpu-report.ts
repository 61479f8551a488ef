import { getLlamaGpuTypes, type Llama, type LlamaModel } from 'node-llama-cpp';
import type { GpuReport } from './lifecycle-protocol.ts';

/** What the build offers on this machine, and what the loaded model has of it. Runs in the child process. */
export async function reportGpu(llama: Llama, model: LlamaModel): Promise<GpuReport> {
  const offered = await getLlamaGpuTypes('supported').catch(() => []);
  return {
    offered: offered.flatMap((type) => (type === false ? [] : [type])),
    used: llama.gpu === false ? 'off' : llama.gpu,
    devices: llama.gpu === false ? [] : await llama.getGpuDeviceNames().catch(() => []),
    layers: llama.gpu === false ? 0 : model.gpuLayers,
    totalLayers: model.fileInsights.totalLayers,
  };
}
