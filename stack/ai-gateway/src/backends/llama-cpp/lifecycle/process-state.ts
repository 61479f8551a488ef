import type { GatewayError } from '../../../gateway-error.ts';
import type { BackendState } from '../../backend.ts';

/** Where a model's process is in its life. */
export type ProcessState =
  /** There is none, for want of use or by somebody's wish; the next request starts it. */
  | { readonly kind: 'sleeping' }
  | { readonly kind: 'loading'; readonly progress: number }
  | { readonly kind: 'ready' }
  /** It ended or hung; `at` is when it is started again, by the clock. */
  | { readonly kind: 'restarting'; readonly at: number; readonly error: GatewayError }
  /** Trying again would not help; it is tried when the file has changed or somebody asks for it. */
  | { readonly kind: 'failed'; readonly error: GatewayError };

/** What it means for requests. */
export function toBackendState(state: ProcessState, modelFile: string): BackendState {
  switch (state.kind) {
    case 'ready':
    case 'sleeping':
      return { kind: state.kind };
    case 'loading':
      return {
        kind: 'loading',
        message: loadingSentence(modelFile, state.progress),
        progress: state.progress,
      };
    case 'restarting':
    case 'failed':
      return { kind: 'unavailable', code: state.error.code, message: state.error.message };
  }
}

export function loadingSentence(modelFile: string, progress: number): string {
  const percent = Math.floor(progress * 100);
  return `The model ${modelFile} is being loaded${percent > 0 ? ` (${percent} %)` : ''}.`;
}
