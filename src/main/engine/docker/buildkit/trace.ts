import { type ProtoFields, readProto } from './protobuf.ts';

/** A step of a BuildKit build; told again whenever it changes. */
export interface TraceVertex {
  readonly digest: string;
  /** E.g. `[build 2/5] RUN npm ci`, `[internal] load build context`. */
  readonly name: string;
  readonly cached: boolean;
  readonly isStarted: boolean;
  readonly isCompleted: boolean;
  readonly error: string;
}

/** Bytes moved by a step, e.g. of one layer that it pulls. */
export interface TraceStatus {
  readonly id: string;
  readonly vertex: string;
  readonly current: number;
  readonly total: number;
}

export interface TraceLog {
  readonly vertex: string;
  readonly data: Buffer;
}

export interface Trace {
  readonly vertexes: readonly TraceVertex[];
  readonly statuses: readonly TraceStatus[];
  readonly logs: readonly TraceLog[];
}

/** Decodes `aux` of a `moby.buildkit.trace` message (`moby.buildkit.v1.StatusResponse`); undefined when it is damaged. */
export function decodeTrace(aux: unknown): Trace | undefined {
  if (typeof aux !== 'string') return undefined;
  try {
    const message = readProto(Buffer.from(aux, 'base64'));
    return {
      vertexes: message.all(1).map((bytes) => toVertex(readProto(bytes))),
      statuses: message.all(2).map((bytes) => toStatus(readProto(bytes))),
      logs: message.all(3).map((bytes) => toLog(readProto(bytes))),
    };
  } catch {
    // Progress that cannot be read is not shown; the build's result does not depend on it.
    return undefined;
  }
}

function toVertex(fields: ProtoFields): TraceVertex {
  return {
    digest: fields.text(1),
    name: fields.text(3),
    cached: fields.number(4) === 1,
    isStarted: fields.has(5),
    isCompleted: fields.has(6),
    error: fields.text(7),
  };
}

function toStatus(fields: ProtoFields): TraceStatus {
  return {
    id: fields.text(1),
    vertex: fields.text(2),
    current: fields.number(4),
    total: fields.number(5),
  };
}

function toLog(fields: ProtoFields): TraceLog {
  return { vertex: fields.text(1), data: fields.all(4).at(-1) ?? Buffer.alloc(0) };
}
