import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from '../testing/start-upstream-stub.ts';

let upstream: UpstreamStub;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstreamStub();
  gateway = await startGateway(
    {},
    { backends: [{ name: 'stub', kind: 'openai', baseUrl: upstream.url }], skills: { activation: 'tool' } },
  );
  await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const ask = (more: object = {}) =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'x' }], ...more }),
  });
const lastReport = async () => {
  const before = gateway.gateway.requests.list(1)[0]?.requestId;
  const { headers } = await ask();
  const id = headers.get('x-skilldeck-request-id');
  expect(id).not.toBe(before);
  return vi.waitFor(() => {
    const [last] = gateway.gateway.requests.list(1);
    expect(last?.requestId).toBe(id);
    return last;
  });
};

test('the time to the first token is known of a whole answer that is put together from a stream, not of one piece', async () => {
  expect((await lastReport())?.firstTokenMs).toBeUndefined();
  const whole = upstream.handle;
  upstream.handle = (_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.end(
      'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    );
  };
  expect((await lastReport())?.firstTokenMs).toBeGreaterThan(0);
  upstream.handle = whole;
  const metrics = await gateway.gateway.metrics.registry.metrics();
  expect(metrics).toMatch(/gen_ai_server_time_to_first_token_seconds_count\{[^}]*\} 1$/m);
  expect(metrics).toMatch(/gateway_overhead_seconds_count 2$/m);
});

test('an answer of a model that takes skills by itself is not kept past a change of the skills', async () => {
  const skill = (text: string) => `---\nname: tea\ndescription: How to brew tea.\n---\n${text}\n`;
  const cacheOf = async () => (await ask({ temperature: 0 })).headers.get('x-cache');
  await gateway.writeSkill('tea', skill('GREEN'));
  await gateway.gateway.skills.reload();
  expect([await cacheOf(), await cacheOf()]).toEqual(['MISS', 'HIT']);
  await gateway.writeSkill('tea', skill('BLACK'));
  await gateway.gateway.skills.reload();
  expect([await cacheOf(), await cacheOf()]).toEqual(['MISS', 'HIT']);
});

test('whoever gets a kept or a shared answer learns which skills the model took for it', async () => {
  const call = {
    id: 'c1',
    type: 'function',
    function: { name: 'activate_skill', arguments: '{"name":"tea"}' },
  };
  const plain = upstream.handle;
  let rounds = 0;
  upstream.handle = (request, response) => {
    rounds += 1;
    if (rounds > 1) return plain(request, response);
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }));
  };
  const skillsOf = async (response: Response) => {
    const { skilldeck } = (await response.json()) as { skilldeck: { skills: string[] } };
    return [
      response.headers.get('x-cache'),
      response.headers.get('x-skilldeck-skills'),
      skilldeck.skills.join(),
    ];
  };
  const [first, second] = await Promise.all([
    ask({ temperature: 0, seed: 2 }).then(skillsOf),
    ask({ temperature: 0, seed: 2 }).then(skillsOf),
  ]);
  expect([first, second].toSorted()).toEqual([
    ['COALESCED', 'tea', 'tea'],
    ['MISS', 'tea', 'tea'],
  ]);
  for (let time = 0; time < 2; time += 1)
    expect(await skillsOf(await ask({ temperature: 0, seed: 2 }))).toEqual(['HIT', 'tea', 'tea']);
  expect(rounds).toBe(2);
});
