import type { BackendAnswer } from '../backends/backend.ts';
import type { Route } from '../backends/backend-pool.ts';
import { whenEnded } from '../backends/when-ended.ts';
import type { Gateway } from '../gateway.ts';
import { answerWithSkills } from '../skills/activation-loop.ts';
import type { RequestSkills } from '../skills/skills-of-request.ts';
import { tellSkills } from '../skills/told-skills.ts';
import { type Execution, execute } from './execute.ts';
import type { ChatGeneration, GenerationRequest } from './generation-request.ts';
import type { RunOptions } from './generation-run.ts';

export interface BackendCallsOptions {
  readonly gateway: Gateway;
  readonly run: RunOptions;
  /** With the skills applied. */
  readonly request: GenerationRequest;
  readonly route: Route;
  readonly applied: RequestSkills | undefined;
  /** Grows with those that a model takes by itself. */
  readonly skills: string[];
  readonly admitted: Execution['admitted'];
  readonly onFirstToken: Execution['onFirstToken'];
}

/** What a request asks of backends: one call, or several where the model takes its skills by itself. */
export class BackendCalls {
  readonly #options: BackendCallsOptions;

  constructor(options: BackendCallsOptions) {
    this.#options = options;
  }

  /** @param hold takes what must be given back when the caller has its answer */
  forCaller(signal: AbortSignal, hold: Execution['hold']): Promise<BackendAnswer> {
    const { applied, request } = this.#options;
    return applied?.byTool === true ? this.#withTools(signal) : this.#once(request, { signal, hold });
  }

  /** A call that outlives its caller where others wait for it too. Shutdown waits for it, and it can be ended by its id. */
  async forAll(controller: AbortController): Promise<BackendAnswer> {
    const { applied, gateway, request, run } = this.#options;
    const { signal } = controller;
    const untrack = gateway.track(controller, run.requestId);
    try {
      const answer = await (applied?.byTool === true
        ? this.#withTools(signal)
        : this.#toItsEnd(request, { signal }));
      return whenEnded(answer, untrack);
    } catch (error) {
      untrack();
      throw error;
    }
  }

  /** Several calls, each with a slot of its own. */
  async #withTools(signal: AbortSignal): Promise<BackendAnswer> {
    const { applied, request, skills } = this.#options;
    if (request.operation !== 'chat' || applied === undefined) return this.#toItsEnd(request, { signal });
    const { requestFor, tools } = applied.begin((skill) => skills.push(skill));
    const call = (next: ChatGeneration) =>
      this.#toItsEnd(next, { signal, requestFor: (candidate) => requestFor(next, candidate) });
    return tellSkills(await answerWithSkills({ request, tools, call }), skills);
  }

  /** The slot and the backend are given back when the answer has ended, not when the caller has. */
  async #toItsEnd(
    request: GenerationRequest,
    how: Pick<Execution, 'signal' | 'requestFor'>,
  ): Promise<BackendAnswer> {
    const releases: (() => unknown)[] = [];
    const release = (): void => {
      for (const one of releases.splice(0).reverse()) one();
    };
    try {
      return whenEnded(await this.#once(request, { ...how, hold: (one) => releases.push(one) }), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  #once(
    request: GenerationRequest,
    how: Pick<Execution, 'signal' | 'requestFor' | 'hold'>,
  ): Promise<BackendAnswer> {
    const { admitted, gateway, onFirstToken, route, run } = this.#options;
    return execute(gateway, { ...run, request, route, admitted, onFirstToken, ...how });
  }
}
