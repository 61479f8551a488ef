/** One message of a pull or a build, in our words. */
export interface ProgressMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly current?: number;
  readonly total?: number;
  /** The fault that makes the whole call fail although HTTP said 200. */
  readonly error?: string;
  readonly errorCode?: number;
}

export function toProgressMessage(raw: Readonly<Record<string, unknown>>): ProgressMessage {
  const detail = record(raw.progressDetail);
  const errorDetail = record(raw.errorDetail);
  // API ≥ 1.48 drops the plain `error`; older and Podman may have only that.
  const error = text(errorDetail.message) ?? text(raw.error);
  const message = {
    stream: text(raw.stream),
    status: text(raw.status),
    id: text(raw.id),
    current: number(detail.current),
    total: number(detail.total),
    error,
    errorCode: number(errorDetail.code),
  };
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
