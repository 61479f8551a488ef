// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { receivePort } from './client.ts';

function hand(data: unknown, ports: MessagePort[], source: Window | null): void {
  const event = new Event('message');
  window.dispatchEvent(Object.assign(event, { data, ports, source }));
}

test('takes the port only from its own window and only under its name', async () => {
  const { port1 } = new MessageChannel();
  const received = receivePort(window);
  hand('skilldeck:port', [port1], null);
  hand('something else', [port1], window);
  hand('skilldeck:port', [], window);
  const pending = await Promise.race([received, Promise.resolve('still waiting')]);
  expect(pending).toBe('still waiting');
  hand('skilldeck:port', [port1], window);
  expect(await received).toBe(port1);
  port1.close();
});
