import { implement } from '@orpc/server';
import { contract } from '../../shared/contract.ts';

/** Who is calling: one connection per window load. Streams opened through it die with it. */
export interface RpcContext {
  readonly connectionId: string;
  /** Aborts when the window reloads, crashes or closes. */
  readonly signal: AbortSignal;
}

/**
 * Every router starts here: `rpc.skills.read.handler(({ input, context, signal }) => …)`.
 * Input and output are parsed by the contract's schemas.
 */
export const rpc = implement(contract).$context<RpcContext>();
