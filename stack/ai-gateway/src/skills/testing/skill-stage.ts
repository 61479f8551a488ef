import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { expect, vi } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from '../../testing/start-upstream-stub.ts';

export const skillText = (name: string, description: string, body: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\n${body}\n`;

export const textMessage = (content: string): JsonObject => ({
  message: { role: 'assistant', content },
  finish_reason: 'stop',
});
export const toolMessage = (...calls: [name: string, args: object][]): JsonObject => ({
  message: {
    role: 'assistant',
    content: null,
    tool_calls: calls.map(([name, args], index) => ({
      id: `call_${index}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  },
  finish_reason: 'tool_calls',
});

/** A gateway with two skills, tea and coffee, before a model that answers what a test wants. */
export class SkillStage {
  readonly gateway: TestGateway;
  readonly #upstream: UpstreamStub;
  /** What the model was asked, in order. */
  asked: JsonObject[] = [];
  /** Its next choices; afterwards it is done. */
  answers: ((body: JsonObject) => JsonObject)[] = [];
  /** The model that fails. */
  failing: string | undefined;

  private constructor(gateway: TestGateway, upstream: UpstreamStub) {
    this.gateway = gateway;
    this.#upstream = upstream;
    upstream.handle = (request, response) => {
      void readBody(request).then((body) => {
        this.asked.push(body);
        if (body.model === this.failing) {
          response.writeHead(500).end();
          return;
        }
        const choice = this.answers.shift()?.(body) ?? textMessage('done');
        const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
        const head = { id: 'c', created: 1, model: 'stub' };
        if (body.stream !== true) {
          const whole = { ...head, object: 'chat.completion', choices: [{ index: 0, ...choice }], usage };
          response.setHeader('content-type', 'application/json').end(JSON.stringify(whole));
          return;
        }
        const { message, finish_reason: reason } = choice as { message: JsonObject; finish_reason: string };
        const calls = message.tool_calls as JsonObject[] | undefined;
        const delta =
          calls === undefined ? message : { tool_calls: calls.map((call, index) => ({ index, ...call })) };
        response.setHeader('content-type', 'text/event-stream');
        for (const part of [
          { choices: [{ index: 0, delta, finish_reason: null }] },
          { choices: [{ index: 0, delta: {}, finish_reason: reason }] },
          { choices: [], usage },
        ])
          response.write(
            `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...part })}\n\n`,
          );
        response.end('data: [DONE]\n\n');
      });
    };
  }

  static async open(): Promise<SkillStage> {
    const upstream = await startUpstreamStub();
    const backends = [{ name: 'stub', kind: 'openai', baseUrl: upstream.url }];
    const gateway = await startGateway({}, { backends, cache: { policy: 'off' } });
    await gateway.writeSkill('tea', skillText('tea', 'How to brew green tea.', 'Use water of 80 degrees.'));
    await gateway.writeSkill(
      'coffee',
      skillText('coffee', 'How to grind coffee beans.', 'Grind them fresh.'),
    );
    await gateway.gateway.skills.reload();
    const stage = new SkillStage(gateway, upstream);
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
    return stage;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.#upstream.close();
  }

  /** Between two tests. */
  clear(): void {
    this.asked = [];
    this.answers = [];
    this.failing = undefined;
  }

  get stub(): object {
    return { name: 'stub', kind: 'openai', baseUrl: this.#upstream.url };
  }

  async configure(skills: object, backends: readonly object[] = [this.stub]): Promise<void> {
    const config = { backends, cache: { policy: 'off' }, skills };
    await writeFile(`${this.gateway.directory}/config.json`, JSON.stringify(config));
    await this.gateway.gateway.config.reload();
  }

  post(path: string, body: object): Promise<Response> {
    return fetch(this.gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async chat(content: string, more: object = {}): Promise<{ skills: string | null; text: string }> {
    const messages = [{ role: 'user', content }];
    const response = await this.post('/v1/chat/completions', { messages, ...more });
    return { skills: response.headers.get('x-skilldeck-skills'), text: await response.text() };
  }

  /** Of one of the requests that the model was asked. */
  messages(index = 0): { role: string; content: string }[] {
    return (this.asked[index]?.messages ?? []) as { role: string; content: string }[];
  }
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as JsonObject;
}
