import { AppError } from '../../shared/errors/app-error.ts';

/** For calls that an engine need not have. */
export function unavailable(what: string): AppError {
  return new AppError('engine.request_failed', `This engine cannot do "${what}".`, {
    hint: 'Connect to a Docker engine.',
    params: { status: 501, reason: what },
  });
}
