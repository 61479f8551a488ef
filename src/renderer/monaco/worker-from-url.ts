interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;

/** Starts a bundled module worker under a Trusted Types policy that lets only our own origin through. */
export function createWorkerFromUrl(url: string): Worker {
  policy ??= createPolicy();
  return new Worker(policy.createScriptURL(url), { type: 'module', name: 'editor' });
}

function createPolicy(): ScriptUrlPolicy {
  const onlyOwnOrigin = (url: string): string => {
    const resolved = new URL(url, location.href);
    if (resolved.origin !== location.origin) throw new TypeError('Workers come from the app itself only.');
    return resolved.href;
  };
  // TypeScript's DOM library does not describe Trusted Types; a browser without them takes the plain text.
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  return (
    trustedTypes?.createPolicy('skilldeck-worker', { createScriptURL: onlyOwnOrigin }) ?? {
      createScriptURL: onlyOwnOrigin,
    }
  );
}
