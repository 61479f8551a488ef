import fc from 'fast-check';
import { type Fields, junk, list, mostly, name, object, one, withOneOf, word } from './nearly-right.ts';
import { schema } from './schema-bodies.ts';

/* For tests: the bodies of all APIs, nearly right. */

const toolName = fc.oneof(
  { weight: 4, arbitrary: one('f', 'get_weather', '__proto__', 'constructor') },
  { weight: 1, arbitrary: name },
);
const model = one('fake', 'auto', undefined);
const stream = fc.boolean();
const stop = fc.oneof(word, list(word));
const number = fc.oneof(fc.nat(2), fc.nat(2), fc.double({ min: 0, max: 2, noNaN: true }), fc.integer());
/** What servers know of beyond the APIs, and what one API knows of another: these, too, are passed on. */
const others: Fields = {
  ...{ top_k: number, min_p: fc.double({ min: 0, max: 1 }), seed: number, n: mostly(1, 2, 0, 1e9, '1') },
  ...{
    logit_bias: fc.dictionary(fc.constantFrom('1', '2', '-1', 'x'), number, { maxKeys: 2 }),
    best_of: one(1, 2, 'x'),
  },
  ...{
    logprobs: one(true, true, false, 3),
    top_logprobs: one(0, 2, 20, 21, -1, 2.5),
    stop: one('', 'a', ['']),
  },
  ...{ frequency_penalty: number, presence_penalty: number, repeat_penalty: one(1, 1.1, {}) },
  response_format: object({
    type: one('text', 'json_object', 'json_schema'),
    schema,
    json_schema: object({ schema }),
  }),
};
const sampling: Fields = { temperature: fc.double({ min: 0, max: 2 }), top_p: fc.double({ min: 0, max: 1 }) };
const gateway: Fields = { skills: one('auto', 'none', []), conversation: name };
const image = object({
  url: one('data:image/png;base64,AA==', 'https://example.com/x.png'),
  detail: one('auto'),
});
const call = object({
  id: word,
  type: one('function'),
  function: object({ name, arguments: fc.json() }),
});

const part = fc.oneof(
  object({ type: one('text'), text: word }, ['type', 'text']),
  object({ type: mostly('image_url', 'input_audio', 'file'), image_url: image }, ['type']),
);
const chatMessage = fc.oneof(
  object({ role: one('user', 'system', 'developer'), content: fc.oneof(word, list(part)) }, [
    'role',
    'content',
  ]),
  object({ role: one('assistant'), content: fc.oneof(word, one(null)), tool_calls: list(call) }, ['role']),
  object({ role: one('tool', 'function'), tool_call_id: word, content: word }, ['role']),
);
const functionTool = object(
  {
    type: mostly('function', 'custom'),
    function: object({ name: toolName, description: word, parameters: schema, strict: fc.boolean() }, [
      'name',
    ]),
  },
  ['type', 'function'],
);
const chatBody = object(
  {
    model,
    messages: list(chatMessage, 1),
    stream,
    stream_options: object({ include_usage: fc.boolean() }),
    tools: list(functionTool),
    tool_choice: one('auto', 'none', 'required', { type: 'function', function: { name: 'f' } }),
    response_format: object(
      {
        type: one('text', 'json_object', 'json_schema'),
        json_schema: object({ name, schema }, ['name', 'schema']),
      },
      ['json_schema'],
    ),
    max_tokens: fc.integer({ min: 1, max: 9 }),
    ...sampling,
    ...gateway,
    stop,
    seed: fc.integer(),
    n: fc.integer({ min: 1, max: 3 }),
    logprobs: fc.boolean(),
  },
  ['messages'],
);

const tokens = fc.array(
  fc.oneof({ weight: 39, arbitrary: fc.nat(799) }, { weight: 1, arbitrary: fc.nat() }),
  { minLength: 1, maxLength: 4 },
);
const texts = fc.oneof(
  word,
  fc.array(word, { minLength: 1, maxLength: 3 }),
  tokens,
  fc.array(tokens, { minLength: 1, maxLength: 3 }),
);
const completionBody = object(
  {
    model,
    prompt: texts,
    stream,
    max_tokens: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 1, max: 3 }),
    echo: fc.boolean(),
    logprobs: fc.nat(5),
    stop,
    suffix: mostly('', 'x'),
    ...sampling,
  },
  ['prompt'],
);
const embeddingBody = object(
  {
    model,
    input: texts,
    encoding_format: one('float', 'base64'),
    dimensions: mostly(160, 8),
    user: word,
  },
  ['input'],
);

const inputPart = fc.oneof(
  object({ type: one('input_text', 'output_text'), text: word }, ['type', 'text']),
  object(
    { type: one('input_image', 'input_file', 'refusal'), image_url: word, file_data: word, refusal: word },
    ['type'],
  ),
);
const inputItem = fc.oneof(
  object(
    { role: one('user', 'assistant', 'system', 'developer'), content: fc.oneof(word, list(inputPart)) },
    ['role', 'content'],
  ),
  object({ type: one('function_call'), call_id: word, name, arguments: fc.json() }, [
    'type',
    'call_id',
    'name',
    'arguments',
  ]),
  object({ type: one('function_call_output'), call_id: word, output: fc.oneof(word, list(inputPart)) }, [
    'type',
    'call_id',
    'output',
  ]),
  object(
    {
      type: mostly('reasoning', 'item_reference', 'web_search_call'),
      summary: list(junk),
      content: list(inputPart),
    },
    ['type'],
  ),
);
const responsesBody = object(
  {
    model,
    input: fc.oneof(word, list(inputItem, 1)),
    instructions: word,
    stream,
    max_output_tokens: fc.integer({ min: 1, max: 9 }),
    tools: list(
      object(
        {
          type: mostly('function', 'web_search'),
          name: toolName,
          parameters: schema,
        },
        ['type', 'name'],
      ),
    ),
    tool_choice: one('auto', 'none', 'required', { type: 'function', name: 'f' }),
    text: object({ format: object({ type: one('text', 'json_object', 'json_schema'), name, schema }) }),
    reasoning: object({ effort: one('low', 'high') }),
    include: list(word),
    metadata: fc.dictionary(name, word, { maxKeys: 2 }),
    top_logprobs: fc.nat(3),
    store: fc.boolean(),
    ...sampling,
    skills: gateway.skills ?? fc.constant('none'),
  },
  ['input'],
);

const source = fc.oneof(
  object({ type: one('base64'), media_type: one('image/png'), data: word }, ['media_type', 'data']),
  object({ type: one('url', 'text'), media_type: word, data: word, url: word }, ['data', 'url']),
);
const text = object({ type: one('text'), text: word }, ['text']);
const userBlock = fc.oneof(
  text,
  object({ type: one('image', 'image', 'document'), source, title: word }, ['source']),
  object(
    {
      type: one('tool_result'),
      tool_use_id: word,
      content: fc.oneof(word, list(text)),
      is_error: fc.boolean(),
    },
    ['tool_use_id'],
  ),
);
const assistantBlock = fc.oneof(
  text,
  object({ type: one('tool_use'), id: word, name, input: object({}) }, ['id', 'name']),
  object({ type: one('thinking', 'redacted_thinking'), thinking: word, data: word }),
);
const anthropicMessage = fc.oneof(
  object({ role: one('user'), content: fc.oneof(word, list(userBlock)) }, ['role', 'content']),
  object({ role: one('assistant'), content: fc.oneof(word, list(assistantBlock)) }, ['role', 'content']),
);
const messagesBody = object(
  {
    model,
    max_tokens: fc.integer({ min: 1, max: 9 }),
    messages: list(anthropicMessage, 1),
    system: fc.oneof(word, list(object({ type: one('text'), text: word }, ['type', 'text']))),
    stream,
    tools: list(
      object(
        {
          type: mostly('custom', null, 'bash_20250124'),
          name: toolName,
          input_schema: schema,
        },
        ['name'],
      ),
    ),
    tool_choice: object({ type: one('auto', 'any', 'tool', 'none'), name }, ['type', 'name']),
    thinking: object(
      { type: one('enabled', 'disabled', 'adaptive'), budget_tokens: fc.integer({ min: 1, max: 9000 }) },
      ['type'],
    ),
    stop_sequences: list(word),
    top_k: fc.nat(9),
    metadata: object({ user_id: word }),
    ...sampling,
    ...gateway,
  },
  ['messages'],
);

/** A body's text, at times cut, doubled in places or with bytes that no UTF-8 has. */
function asText(body: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const damaged = fc
    .tuple(body, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))
    .map(([value, where, byte]) => {
      const bytes = Buffer.from(JSON.stringify(value) ?? '');
      const at = Math.floor(bytes.length * where);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1)]);
    });
  const whole = body.map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  return fc.oneof({ weight: 12, arbitrary: whole }, { weight: 1, arbitrary: damaged });
}

const ofAll = (body: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> => asText(withOneOf(others, body));

export const BODIES: Readonly<Record<string, fc.Arbitrary<Buffer>>> = {
  '/v1/chat/completions': ofAll(chatBody),
  '/v1/completions': ofAll(completionBody),
  '/v1/embeddings': asText(embeddingBody),
  '/v1/responses': ofAll(responsesBody),
  '/v1/messages': ofAll(messagesBody),
};
