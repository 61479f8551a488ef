import type { ServiceForm, ServiceFormChange } from '../../../../shared/stack/stack-contract.ts';

export interface DraftVariable {
  /** Tells rows apart while names are being typed. */
  readonly key: number;
  readonly name: string;
  /** `null`: taken from outside, as `NAME` without a value in the file. */
  readonly value: string | null;
}

/** What stands in the fields; empty is not set. */
export interface FormDraft {
  readonly image: string;
  readonly restart: string;
  readonly replicas: string;
  readonly cpus: string;
  readonly memory: string;
  readonly ports: string;
  readonly environment: readonly DraftVariable[];
}

export function toDraft(form: ServiceForm): FormDraft {
  return {
    image: form.image ?? '',
    restart: form.restart ?? '',
    replicas: form.replicas?.toString() ?? '',
    cpus: form.cpus ?? '',
    memory: form.memory ?? '',
    ports: form.ports.join('\n'),
    environment: form.environment.map((variable, key) => ({ key, ...variable })),
  };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

export function hasBadNames(draft: FormDraft): boolean {
  const names = draft.environment.map(({ name }) => name.trim());
  return names.some((name) => !NAME.test(name)) || new Set(names).size < names.length;
}

/** Only what was changed, so that the file keeps everything else as it was written. */
export function toChanges(form: ServiceForm, draft: FormDraft): ServiceFormChange[] {
  const before = toDraft(form);
  const changes: ServiceFormChange[] = [];
  for (const field of ['image', 'restart', 'cpus', 'memory'] as const) {
    const value = draft[field].trim();
    if (value !== before[field]) changes.push({ field, ...(value === '' ? {} : { value }) });
  }
  const replicas = draft.replicas.trim();
  if (replicas !== before.replicas)
    changes.push({ field: 'replicas', ...(replicas === '' ? {} : { value: Number(replicas) }) });
  const ports = lines(draft.ports);
  if (ports.join('\n') !== form.ports.join('\n')) changes.push({ field: 'ports', value: ports });
  return [...changes, ...variableChanges(form, draft)];
}

function variableChanges(form: ServiceForm, draft: FormDraft): ServiceFormChange[] {
  const old = new Map(form.environment.map(({ name, value }) => [name, value]));
  const now = new Map(draft.environment.map(({ name, value }) => [name.trim(), value]));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const set = [...now].filter(([name, value]) => !old.has(name) || old.get(name) !== value);
  return [
    ...removed.map((name) => ({ field: 'environment' as const, name })),
    ...set.map(([name, value]) => ({ field: 'environment' as const, name, value })),
  ];
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
