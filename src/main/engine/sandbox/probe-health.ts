import { get } from 'node:http';

export interface ProbeResult {
  readonly isHealthy: boolean;
  /** What the probe said, short enough to show. */
  readonly output: string;
}

const MAX_OUTPUT_CHARS = 2048;

/** Asks once. Healthy is any answer below 400, as `curl --fail` has it. Never rejects. */
export function probeHealth(url: string, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const failed = (reason: string) => resolve({ isHealthy: false, output: `GET ${url}: ${reason}` });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const request = get(
      url,
      { agent: false, signal: limit, headers: { connection: 'close' } },
      (response) => {
        const status = response.statusCode ?? 0;
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < MAX_OUTPUT_CHARS) body += chunk;
        });
        response.on('end', () => {
          const text = body.slice(0, MAX_OUTPUT_CHARS).trim();
          resolve({
            isHealthy: status < 400,
            output: `GET ${url}: ${status}${text === '' ? '' : ` ${text}`}`,
          });
        });
        response.on('error', (error) => failed(error.message));
      },
    );
    request.on('error', (error) => {
      const timedOut = limit.aborted && !signal.aborted;
      failed(timedOut ? `no answer within ${timeoutMs} ms` : error.message);
    });
  });
}
