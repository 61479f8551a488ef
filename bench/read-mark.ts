const ANSWER_TIMEOUT_MS = 5_000;
const EXPRESSION = `(() => {
  const mark = performance.getEntriesByName('skilldeck:usable')[0];
  return mark ? performance.timeOrigin + mark.startTime : 0;
})()`;

interface Target {
  readonly type: string;
  readonly webSocketDebuggerUrl: string;
}

/**
 * Asks the app's pages when one of them became usable, as wall-clock time; undefined as long as none has.
 *
 * Two plain messages of Chromium's debugging protocol: attaching a whole automation library weighs on the start it watches.
 */
export async function readUsableAt(port: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  for (const target of (await response.json()) as readonly Target[]) {
    if (target.type !== 'page') continue;
    const usableAt = await evaluate(target.webSocketDebuggerUrl);
    if (usableAt) return usableAt;
  }
  return undefined;
}

function evaluate(url: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const finish = (value: number): void => {
      clearTimeout(timer);
      socket.close();
      resolve(value);
    };
    // No answer counts as "not yet": the page is busy, and is asked again.
    const timer = setTimeout(() => finish(0), ANSWER_TIMEOUT_MS);
    socket.addEventListener('error', () => finish(0));
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: EXPRESSION } })),
    );
    socket.addEventListener('message', (event) => {
      const answer = JSON.parse(String(event.data)) as {
        id?: number;
        result?: { result?: { value?: number } };
      };
      if (answer.id === 1) finish(answer.result?.result?.value ?? 0);
    });
  });
}
