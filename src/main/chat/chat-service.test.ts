import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, ConversationEvent } from '../../shared/chat/chat-contract.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { ChatService } from './chat-service.ts';

type Body = { messages: { role: string; content: string }[]; skills: unknown; model: string };

let directory: string;
let server: Server;
let chat: ChatService;
let isUp: boolean;
let asked: Body[];
let answer: (response: ServerResponse, body: Body) => void;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-chat-'));
  asked = [];
  isUp = true;
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  chat = openChat();
});
afterEach(async () => {
  await chat.dispose();
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

function openChat(): ChatService {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { baseUrl, chatBaseUrl: `${baseUrl}/v1`, apiKey: 'sk-test', adminKey: 'sk-test' };
  return new ChatService({ directory, gateway: () => (isUp ? connection : undefined), logger: silentLogger });
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/v1/models') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'demo', object: 'model' }] }));
    return;
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body = JSON.parse(text) as Body;
  asked.push(body);
  answer(response, body);
}

const EXTENSION = { requestId: 'r-1', generation: 42, skills: ['brief'], backend: 'local' };

function chunk(content: string | undefined, extra: object = {}, finish: string | null = null): string {
  const delta = content === undefined ? {} : { content };
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }], ...extra })}\n\n`;
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-skilldeck-generation': '42' });
}

function complete(response: ServerResponse): void {
  begin(response);
  response.write(chunk('Good ', { skilldeck: EXTENSION }));
  response.write(chunk('day'));
  const timings = { queuedMs: 1, firstTokenMs: 2, totalMs: 3 };
  response.write(chunk(undefined, { skilldeck: { ...EXTENSION, timings } }, 'stop'));
  response.write(
    `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

function refuse(status: number, code: string, headers: Record<string, string> = {}): typeof answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message: 'A sentence.', type: 't', param: null, code } }));
  };
}

async function messagesOf(id: string): Promise<ChatMessage[]> {
  const { value } = await chat.read(id).next();
  return value?.kind === 'snapshot' ? value.messages : [];
}

async function finished(id: string): Promise<ChatMessage> {
  return vi.waitFor(async () => {
    const last = (await messagesOf(id)).at(-1);
    if (last === undefined || last.status === 'streaming') throw new Error('still coming');
    return last;
  });
}

async function ask(text: string): Promise<{ id: string; answer: ChatMessage }> {
  const { id } = await chat.create();
  await chat.send({ conversationId: id, text, skills: 'auto' });
  return { id, answer: await finished(id) };
}

describe('ChatService', () => {
  it('streams an answer with what the gateway says about it', async () => {
    answer = complete;
    const { id, answer: message } = await ask('How do I greet?\nPlease say.');
    expect(message).toMatchObject({
      text: 'Good day',
      status: 'done',
      facts: {
        model: 'demo',
        requestId: 'r-1',
        generation: 42,
        skills: ['brief'],
        backend: 'local',
        queuedMs: 1,
        firstTokenMs: 2,
        totalMs: 3,
        promptTokens: 5,
        completionTokens: 2,
      },
    });
    expect(asked[0]).toMatchObject({ model: 'demo', skills: 'auto' });
    const list = (await chat.list().next()).value;
    expect(list).toMatchObject([{ id, title: 'How do I greet? Please say.', streaming: false }]);
  });

  it('sends the conversation so far and finds it again after a restart of the panel', async () => {
    answer = complete;
    const { id } = await ask('first');
    await chat.dispose();
    chat = openChat();
    await chat.send({ conversationId: id, text: 'second', skills: ['brief'], model: 'other' });
    await finished(id);
    expect(asked[1]).toMatchObject({
      model: 'other',
      skills: ['brief'],
      messages: [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'Good day' },
        { role: 'user', content: 'second' },
      ],
    });
  });

  it('hands the text so far to a window that comes back in the middle, then the rest', async () => {
    let open: ServerResponse | undefined;
    answer = (response) => {
      begin(response);
      response.write(chunk('Good '));
      open = response;
    };
    const { id } = await chat.create();
    await chat.send({ conversationId: id, text: 'hi', skills: 'none' });
    await vi.waitFor(async () => expect((await messagesOf(id)).at(-1)?.text).toBe('Good '));
    const events: ConversationEvent[] = [];
    for await (const event of chat.read(id)) {
      events.push(event);
      if (events.length === 1) {
        open?.write(chunk('day', {}, 'stop'));
        open?.end('data: [DONE]\n\n');
      }
      if (event.kind === 'message' && event.message.status === 'done') break;
    }
    expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'delta', 'message']);
    expect(events[1]).toMatchObject({ text: 'day' });
  });

  it('keeps what had come when the stream is cut', async () => {
    answer = (response) => {
      begin(response);
      response.write(chunk('Half an ans'), () => response.destroy());
    };
    const { answer: message } = await ask('hi');
    expect(message).toMatchObject({ status: 'failed', text: 'Half an ans', error: { code: 'upstream.cut' } });
  });

  it('takes an end without a finish for a cut', async () => {
    answer = (response) => {
      begin(response);
      response.end(chunk('Half'));
    };
    expect((await ask('hi')).answer).toMatchObject({ status: 'failed', error: { code: 'upstream.cut' } });
  });

  it('shows a fault that the gateway reports in the middle', async () => {
    answer = (response) => {
      begin(response);
      response.write(chunk('Half'));
      const error = { message: 'The upstream is slow.', type: 't', param: null, code: 'upstream_timeout' };
      response.end(`data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`);
    };
    expect((await ask('hi')).answer).toMatchObject({
      status: 'failed',
      text: 'Half',
      error: { code: 'upstream.timeout', message: 'The upstream is slow.' },
    });
  });

  it.each([
    [401, 'invalid_api_key', 'gateway.unauthorized'],
    [429, 'queue_full', 'gateway.queue_full'],
    [502, 'upstream_refused', 'upstream.refused'],
    [503, 'model_loading', 'gateway.loading'],
  ])('turns %i %s into %s', async (status, code, expected) => {
    answer = refuse(status, code, { 'retry-after': '7' });
    expect((await ask('hi')).answer).toMatchObject({
      status: 'failed',
      error: { code: expected, message: 'A sentence.', params: { seconds: 7 } },
    });
  });

  it('says when the gateway is not there', async () => {
    isUp = false;
    expect((await ask('hi')).answer.error?.code).toBe('gateway.not_running');
    isUp = true;
    await new Promise((resolve) => server.close(resolve));
    expect((await ask('hi')).answer.error?.code).toBe('gateway.not_running');
  });

  it('stops: the connection is closed and the text is kept', async () => {
    const closed = vi.fn();
    answer = (response) => {
      response.on('close', closed);
      begin(response);
      response.write(chunk('Good '));
    };
    const { id } = await chat.create();
    await chat.send({ conversationId: id, text: 'hi', skills: 'none' });
    await vi.waitFor(async () => expect((await messagesOf(id)).at(-1)?.text).toBe('Good '));
    await expect(chat.send({ conversationId: id, text: 'more', skills: 'none' })).rejects.toMatchObject({
      code: 'operation.busy',
    });
    await chat.stop(id);
    expect((await messagesOf(id)).at(-1)).toMatchObject({ status: 'stopped', text: 'Good ' });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it('asks another question in the place of an earlier one', async () => {
    answer = complete;
    const { id } = await ask('first');
    const [question] = await messagesOf(id);
    await chat.resend({ conversationId: id, messageId: question?.id ?? '', text: 'better', skills: 'auto' });
    await finished(id);
    expect((await messagesOf(id)).map(({ text }) => text)).toEqual(['better', 'Good day']);
  });

  it('sets a damaged file aside and still has the others', async () => {
    answer = complete;
    const { id } = await ask('first');
    await chat.dispose();
    await writeFile(path.join(directory, 'bad.json'), '{"id":');
    chat = openChat();
    expect((await chat.list().next()).value).toMatchObject([{ id }]);
    expect(await readdir(directory)).toContain('bad.json.broken');
  });

  it('removes a conversation from the disk, also in the middle of an answer', async () => {
    answer = (response) => begin(response);
    const { id } = await chat.create();
    await chat.send({ conversationId: id, text: 'hi', skills: 'none' });
    expect(await readFile(path.join(directory, `${id}.json`), 'utf8')).toContain('"hi"');
    await chat.remove(id);
    expect(await readdir(directory)).toEqual([]);
    await expect(chat.stop(id)).rejects.toMatchObject({ code: 'chat.not_found' });
  });
});
