import { describe, expect, it } from 'vitest';
import { parseGatewayConfig, sourceOf, withSource } from './gateway-config.ts';

const TEXT = `{
  "backends": [{ "name": "local", "kind": "llama-cpp", "modelPath": "models/skilldeck-demo.gguf" }],
  "maxConcurrent": 50,
  "skills": { "default": "auto" }
}`;

describe('the gateway configuration', () => {
  it('starts with the demo model', () => {
    expect(sourceOf(parseGatewayConfig(TEXT, 'config.json'))).toEqual({ kind: 'demo' });
  });

  it('keeps everything but the backends, in order', () => {
    const changed = withSource(parseGatewayConfig(TEXT, 'config.json'), {
      kind: 'upstream',
      baseUrl: 'http://127.0.0.1:11434/v1',
      model: 'qwen3',
      hasKey: true,
    });
    expect(Object.keys(changed)).toEqual(['backends', 'maxConcurrent', 'skills']);
    expect(sourceOf(changed)).toEqual({
      kind: 'upstream',
      baseUrl: 'http://127.0.0.1:11434/v1',
      model: 'qwen3',
      hasKey: true,
    });
  });

  it('keeps what was set for the model of the gateway itself', () => {
    const own = { name: 'local', kind: 'llama-cpp', gpu: 'off', idleUnloadSeconds: 900 };
    const config = parseGatewayConfig(
      JSON.stringify({ backends: [{ ...own, modelPath: 'models/a.gguf' }] }),
      'c',
    );
    expect(withSource(config, { kind: 'gguf', fileName: 'b.gguf' }).backends).toEqual([
      { ...own, modelPath: 'models/b.gguf' },
    ]);
    const upstream = { kind: 'upstream', baseUrl: 'http://127.0.0.1:1/v1', hasKey: false } as const;
    expect(withSource(config, upstream).backends).toEqual([
      { name: 'upstream', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
    ]);
  });

  it('remembers a file of one’s own', () => {
    const config = withSource(parseGatewayConfig('{}', 'config.json'), {
      kind: 'gguf',
      fileName: 'qwen.gguf',
    });
    expect(sourceOf(config)).toEqual({ kind: 'gguf', fileName: 'qwen.gguf' });
  });

  it('says in which line a broken file is broken', () => {
    expect(() => parseGatewayConfig('{\n  "backends": [,]\n}', 'config.json')).toThrowError(
      expect.objectContaining({ code: 'config.invalid', params: expect.objectContaining({ line: 2 }) }),
    );
    expect(() => parseGatewayConfig('{"backends": 7}', 'config.json')).toThrowError(/backends/);
  });
});
