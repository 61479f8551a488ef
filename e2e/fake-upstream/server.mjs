// A small OpenAI-compatible upstream whose answers depend on what it was sent. Node built-ins only, so that it also runs
// inside a bare Node container.
//
// The model name, or a marker "x-fake:NAME" in the last user message (or the prompt), chooses how it behaves:
//   slow (waits before every word), stall (never answers), refuse (closes the connection), cut (closes it mid-stream),
//   error500, error-event (an error in the middle of the stream), not-json,
//   plain (whole although a stream was asked for), sse (streamed although it was not),
//   reason (thinks aloud first), tool and tools (call the first tool, or all of them).
// It also heeds tools and tool_choice, response_format, stop, max_tokens, n and logprobs, and tells of images.
import { createServer } from 'node:http';

const HOST = process.env.HOST ?? '127.0.0.1';
const PORT = Number(process.env.PORT ?? 0);
const SLOW_MS = Number(process.env.SLOW_MS ?? 100);
const MODELS = ['fake', 'slow', 'stall', 'refuse', 'cut', 'error500', 'not-json'];
const MARKERS = [...MODELS, 'error-event', 'plain', 'sse', 'reason', 'tool', 'tools'];
const counts = { requests: 0, open: 0, aborted: 0 };

const textOf = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n');

function answerFor({ messages, response_format: format }) {
  if (format?.type === 'json_schema') return JSON.stringify(exampleOf(format.json_schema.schema ?? {}));
  if (format?.type === 'json_object') return '{"ok":true}';
  const system = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => textOf(content))
    .join('\n');
  const user = textOf(messages.findLast(({ role }) => role === 'user')?.content);
  const skill = [...system.matchAll(/<skill_content[^>]*>([\s\S]*?)<\/skill_content>/g)]
    .map((match) => match[1])
    .join('\n');
  const images = messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === 'image_url')
    .map(({ image_url: image }) => `${image.url.slice(0, 40)}(${image.url.length})`);
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
  return [
    `SYSTEM<<${skill.trim().slice(-400)}>> USER<<${user}>>`,
    ...(images.length > 0 ? [`IMAGES<<${images.join(',')}>>`] : []),
    ...(results.length > 0 ? [`TOOL<<${results.join(',')}>>`] : []),
  ].join(' ');
}

/** The simplest value that a JSON Schema allows. */
function exampleOf(schema) {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property)]),
      );
    case 'array':
      return [exampleOf(schema.items ?? {})];
    case 'number':
    case 'integer':
      return 7;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'word';
  }
}

/** Which tools are called: those asked for by the choice or the marker, until their results are there. */
function toolCallsFor({ messages, tools, tool_choice: choice }, behaviour) {
  if (!Array.isArray(tools) || choice === 'none' || messages.at(-1)?.role === 'tool') return [];
  const functions = tools.filter(({ type }) => type === 'function').map((tool) => tool.function);
  const named = functions.filter(({ name }) => name === choice?.function?.name);
  const isAsked = behaviour === 'tool' || choice === 'required';
  const called = behaviour === 'tools' ? functions : isAsked ? functions.slice(0, 1) : named;
  return called.map(({ name, parameters }, index) => ({
    id: `call_${counts.requests}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(exampleOf(parameters ?? { type: 'object' })) },
  }));
}

function behaviourOf({ model, messages, prompt }) {
  const said = messages?.findLast(({ role }) => role === 'user')?.content ?? [prompt].flat().join(' ');
  const marker = /x-fake:([a-z0-9-]+)/.exec(textOf(said))?.[1] ?? model;
  return MARKERS.includes(marker) ? marker : 'fake';
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const wordsOf = (text) => text.match(/\s*\S+\s*/g) ?? [];
const usageOf = (prompt, words) => ({
  prompt_tokens: prompt,
  completion_tokens: words,
  total_tokens: prompt + words,
});

/** Shortens a text as stop sequences and the limit of tokens want it. */
function limit(text, { max_completion_tokens: most, max_tokens: max = most, stop }) {
  for (const one of [stop ?? []].flat()) {
    const at = text.indexOf(one);
    if (at >= 0) return { words: wordsOf(text.slice(0, at)), finish_reason: 'stop', stop_reason: one };
  }
  const words = wordsOf(text);
  if (max === undefined || max === null || max < 0 || words.length <= max)
    return { words, finish_reason: 'stop', stop_reason: null };
  return { words: words.slice(0, max), finish_reason: 'length', stop_reason: null };
}

function logprobsOf(words) {
  return {
    content: words.map((token) => ({
      token,
      logprob: -0.5,
      bytes: [...Buffer.from(token)],
      top_logprobs: [],
    })),
    refusal: null,
  };
}

async function misbehave(behaviour, response) {
  switch (behaviour) {
    case 'refuse':
      response.socket.destroy();
      return true;
    case 'stall':
      return true;
    case 'error500':
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: 'The fake upstream fails on request.', type: 'server_error' } }),
      );
      return true;
    case 'not-json':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Welcome</body></html>');
      return true;
    default:
      return false;
  }
}

const wantsStream = (body, behaviour) => (body.stream === true ? behaviour !== 'plain' : behaviour === 'sse');

async function chat(body, response) {
  const behaviour = behaviourOf(body);
  if (await misbehave(behaviour, response)) return;
  const calls = toolCallsFor(body, behaviour);
  const answer = limit(calls.length > 0 ? '' : answerFor(body), body);
  const { stop_reason, words } = answer;
  const finish_reason = calls.length > 0 ? 'tool_calls' : answer.finish_reason;
  const reasoning = behaviour === 'reason' ? 'Let me think about it.' : undefined;
  const usage = usageOf(JSON.stringify(body.messages).length >> 2, words.length * (body.n ?? 1));
  const head = {
    id: `chatcmpl-${counts.requests}`,
    created: Math.floor(Date.now() / 1000),
    model: body.model,
  };
  const indexes = Array.from({ length: body.n ?? 1 }, (_, index) => index);
  if (!wantsStream(body, behaviour)) {
    if (behaviour === 'slow') await pause(SLOW_MS * words.length);
    if (behaviour === 'cut') return cutBody(response);
    const message = {
      role: 'assistant',
      content: calls.length > 0 ? null : words.join(''),
      ...(reasoning ? { reasoning_content: reasoning } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    const logprobs = body.logprobs === true ? { logprobs: logprobsOf(words) } : {};
    const choices = indexes.map((index) => ({ index, message, ...logprobs, finish_reason, stop_reason }));
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(
      JSON.stringify({ ...head, object: 'chat.completion', choices, usage, received: body }),
    );
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (value) => response.write(`data: ${JSON.stringify(value)}\n\n`);
  const send = (choices, extra = {}) =>
    event({ ...head, object: 'chat.completion.chunk', choices, ...extra });
  const sendAll = (choice) => send(indexes.map((index) => ({ index, ...choice })));
  for (const text of reasoning?.match(/\S+\s*/g) ?? [])
    sendAll({ delta: { reasoning_content: text }, finish_reason: null });
  for (const [index, call] of calls.entries()) {
    const { arguments: text, name } = call.function;
    const start = { index, id: call.id, type: 'function', function: { name, arguments: '' } };
    sendAll({ delta: { role: 'assistant', content: null, tool_calls: [start] }, finish_reason: null });
    for (const piece of text.match(/[\s\S]{1,5}/g) ?? [])
      sendAll({ delta: { tool_calls: [{ index, function: { arguments: piece } }] }, finish_reason: null });
  }
  for (const [index, word] of words.entries()) {
    if (response.destroyed) return;
    if (behaviour === 'slow') await pause(SLOW_MS);
    if (behaviour === 'cut' && index === 2) return setTimeout(() => response.socket.destroy(), 20);
    if (behaviour === 'error-event' && index === 2) {
      event({ error: { message: 'The fake upstream fails in the middle.', type: 'server_error' } });
      return response.end('data: [DONE]\n\n');
    }
    const delta = index === 0 ? { role: 'assistant', content: word } : { content: word };
    sendAll({
      delta,
      finish_reason: null,
      ...(body.logprobs === true ? { logprobs: logprobsOf([word]) } : {}),
    });
  }
  sendAll({ delta: {}, finish_reason, stop_reason });
  if (body.stream_options?.include_usage === true) send([], { usage });
  response.end('data: [DONE]\n\n');
}

function cutBody(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id":');
  setTimeout(() => response.socket.destroy(), 20);
}

/** `prompt` is a text, texts, tokens or lists of tokens. */
function listOf(value) {
  if (!Array.isArray(value)) return [value];
  return typeof value[0] === 'number' ? [value] : value;
}

async function completion(body, response) {
  const behaviour = behaviourOf(body);
  if (await misbehave(behaviour, response)) return;
  const prompts = listOf(body.prompt);
  const choices = prompts.flatMap((prompt, at) =>
    Array.from({ length: body.n ?? 1 }, (_, turn) => {
      const text = `${body.echo === true ? prompt : ''} PROMPT<<${prompt}>>${body.suffix ?? ''}`;
      const { words, finish_reason } = limit(text, body);
      return { index: at * (body.n ?? 1) + turn, words, finish_reason };
    }),
  );
  const count = choices.reduce((sum, { words }) => sum + words.length, 0);
  const usage = usageOf(prompts.length, count);
  const head = { id: `cmpl-${counts.requests}`, object: 'text_completion', created: 0, model: body.model };
  const logprobsFor = (words) =>
    Number.isInteger(body.logprobs)
      ? {
          tokens: words,
          token_logprobs: words.map(() => -0.5),
          top_logprobs: null,
          text_offset: words.map(() => 0),
        }
      : null;
  if (!wantsStream(body, behaviour)) {
    if (behaviour === 'cut') return cutBody(response);
    response.writeHead(200, { 'content-type': 'application/json' });
    const whole = choices.map(({ index, words, finish_reason }) => ({
      index,
      text: words.join(''),
      logprobs: logprobsFor(words),
      finish_reason,
    }));
    return response.end(JSON.stringify({ ...head, choices: whole, usage, received: body }));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choice, extra = {}) =>
    response.write(`data: ${JSON.stringify({ ...head, choices: choice, ...extra })}\n\n`);
  for (const { index, words, finish_reason } of choices) {
    for (const word of words)
      send([{ index, text: word, logprobs: logprobsFor([word]), finish_reason: null }]);
    send([{ index, text: '', logprobs: null, finish_reason }]);
  }
  if (body.stream_options?.include_usage === true) send([], { usage });
  response.end('data: [DONE]\n\n');
}

/** A vector per input that depends on its text and on nothing else. Marker x-fake:floats ignores `encoding_format`. */
function embeddings({ dimensions = 8, encoding_format: format, input, model }, response) {
  const inputs = listOf(input);
  const data = inputs.map((one, index) => {
    const bytes = Buffer.from(String(one));
    const vector = Array.from({ length: dimensions }, (_, at) => (bytes[at % bytes.length] ?? 0) / 256);
    const embedding =
      format === 'base64' && !String(one).includes('x-fake:floats')
        ? Buffer.from(Float32Array.from(vector).buffer).toString('base64')
        : vector;
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: inputs.length, total_tokens: inputs.length };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data, model, usage }));
}

const APIS = {
  '/v1/chat/completions': chat,
  '/v1/completions': completion,
  '/v1/embeddings': embeddings,
};

const server = createServer((request, response) => {
  const json = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (request.method === 'GET' && request.url === '/v1/models') {
    return json(200, {
      object: 'list',
      data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })),
    });
  }
  if (request.method === 'GET' && request.url === '/counts') return json(200, counts);
  const answer =
    request.method === 'POST' && Object.hasOwn(APIS, request.url) ? APIS[request.url] : undefined;
  if (answer === undefined) return json(404, { error: { message: `no ${request.method} ${request.url}` } });
  counts.requests += 1;
  counts.open += 1;
  response.once('close', () => {
    counts.open -= 1;
    if (!response.writableFinished) counts.aborted += 1;
  });
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    try {
      await answer(JSON.parse(Buffer.concat(parts).toString('utf8')), response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else json(400, { error: { message: String(error) } });
    }
  });
});

server.listen(PORT, HOST, () => console.log(`listening on http://${HOST}:${server.address().port}`));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
