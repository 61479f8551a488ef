import { AppError } from '../../../shared/errors/app-error.ts';

/** Engine 20.10; older ones lack what the stack uses. */
export const MIN_API_VERSION = '1.41';
/** Shapes of answers are known up to here; a newer engine is asked to answer as this one. */
export const MAX_API_VERSION = '1.52';
/** From here on, one create call attaches a container to several networks. */
export const MULTI_NETWORK_CREATE = '1.44';
/** From here on, BuildKit is told of `shm_size` and `ulimits`; older engines leave them out without a word. */
export const BUILDKIT_LIMITS = '1.42';

/** Negative, zero or positive, as for `sort`; `1.9` is older than `1.41`. */
export function compareApiVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** The newest version that both sides speak. */
export function negotiateApiVersion(engine: {
  readonly version: string;
  readonly apiVersion: string;
  readonly minApiVersion?: string;
}): string {
  if (!/^\d+\.\d+$/.test(engine.apiVersion) || compareApiVersions(engine.apiVersion, MIN_API_VERSION) < 0)
    throw new AppError(
      'engine.too_old',
      `Docker Engine ${engine.version} (API ${engine.apiVersion}) is too old; Skilldeck needs 20.10 (API ${MIN_API_VERSION}) or newer.`,
      {
        hint: 'Update Docker, then try again.',
        params: { version: engine.version, apiVersion: engine.apiVersion, required: MIN_API_VERSION },
      },
    );
  const newest =
    compareApiVersions(engine.apiVersion, MAX_API_VERSION) < 0 ? engine.apiVersion : MAX_API_VERSION;
  // An engine from the future may refuse our newest: then its oldest is the nearest to what we know.
  const oldest = engine.minApiVersion;
  return oldest !== undefined && compareApiVersions(oldest, newest) > 0 ? oldest : newest;
}
