import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';

export interface ReportFacts {
  readonly version: string;
  readonly envFile: string;
}

const NAMES: Readonly<Record<string, string>> = {
  gateway: 'gateway',
  'gateway-tls': 'gateway (TLS)',
  'file-manager': 'file manager',
  'file-manager-tls': 'files (TLS)',
};

/** `name      text`, so that the lines of a start stand under each other. */
export function reportLine(name: string, text: string): string {
  return `${name.padEnd(14)} ${text}`;
}

/**
 * What the terminal says of the stack: one line per thing that came up, and a request to try.
 *
 * The key is not printed: the command reads it from `.env`.
 */
export function stackReport(snapshot: StackSnapshot, { envFile }: ReportFacts): string[] {
  const lines: string[] = [];
  const { engine } = snapshot;
  if (engine.kind === 'connected')
    lines.push(reportLine('engine', `${engine.engine} ${engine.version} (${engine.context})`));
  if (engine.kind === 'unavailable')
    lines.push(reportLine('engine', `${engine.engine}: ${engine.error.message}`));
  if (snapshot.projectError !== undefined) lines.push(reportLine('problem', snapshot.projectError.message));
  if (snapshot.run?.outcome === 'failed' && snapshot.run.error !== undefined)
    lines.push(reportLine('failed', snapshot.run.error.message));
  if (snapshot.state === 'stopped' && !isBusy(snapshot))
    lines.push(reportLine('stack', 'stopped; press Start in the window'));
  if (snapshot.state !== 'running') return lines;
  for (const { id, url } of snapshot.endpoints) lines.push(reportLine(NAMES[id] ?? id, `${url}  healthy`));
  const gateway = snapshot.endpoints.find((endpoint) => endpoint.id === 'gateway');
  if (gateway !== undefined) lines.push(reportLine('try', tryCommand(gateway.url, envFile)));
  return lines;
}

/** A run is under way or waits; it may well start the stack. */
function isBusy({ run, queue = [] }: StackSnapshot): boolean {
  return queue.length > 0 || run?.outcome === 'queued' || run?.outcome === 'running';
}

function tryCommand(url: string, envFile: string): string {
  const file = `'${envFile.replaceAll("'", `'\\''`)}'`;
  const key = `$(sed -n 's/^GATEWAY_API_KEY=//p' ${file} | tr -d "\\"'")`;
  const body = `{"model":"default","messages":[{"role":"user","content":"hello"}]}`;
  return `curl -s ${url}/v1/chat/completions -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' -d '${body}'`;
}

/** Prints each line once, when it becomes true. */
export async function reportToTerminal(
  snapshots: AsyncIterable<StackSnapshot>,
  facts: ReportFacts,
  print: (line: string) => void,
): Promise<void> {
  let before = new Set<string>();
  for await (const snapshot of snapshots) {
    const lines = stackReport(snapshot, facts);
    for (const line of lines) if (!before.has(line)) print(line);
    before = new Set(lines);
  }
}
