import { describe, expect, it } from 'vitest';
import { compareApiVersions, negotiateApiVersion } from './api-version.ts';
import { toEngineError } from './engine-errors.ts';
import { parseImageReference } from './image-reference.ts';

const refused = (message: string, statusCode = 500) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });

describe('toEngineError', () => {
  it('finds the port in every wording of the engines', () => {
    for (const message of [
      'driver failed programming external connectivity on endpoint x (abc): Bind for 127.0.0.1:8080 failed: port is already allocated',
      'Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use',
      'failed to bind host port for 127.0.0.1:8080:172.20.0.2:80/tcp: address already in use',
      'failed to set up container networking: failed to bind host port 127.0.0.1:8080/tcp: address already in use',
      'Ports are not available: exposing port TCP 127.0.0.1:8080 -> 127.0.0.1:0: listen tcp 127.0.0.1:8080: bind: x',
      'listen tcp6 [::]:8080: bind: address already in use',
    ])
      expect(toEngineError(refused(message))).toMatchObject({ code: 'port.in_use', params: { port: 8080 } });
  });

  it('knows a taken subnet and a full disk', () => {
    expect(toEngineError(refused('Pool overlaps with other one on this address space', 403)).code).toBe(
      'subnet.in_use',
    );
    expect(toEngineError(refused('write /x: no space left on device')).code).toBe('disk_full');
  });

  it('tells a lost connection from a refusal and from a cancel', () => {
    const code = (name: string) => Object.assign(new Error('x'), { code: name });
    expect(toEngineError(code('ECONNRESET')).code).toBe('engine.unreachable');
    expect(toEngineError(new Error('socket hang up')).code).toBe('engine.unreachable');
    expect(toEngineError(refused('no such thing', 404))).toMatchObject({
      code: 'engine.request_failed',
      params: { status: 404, reason: 'no such thing' },
    });
    expect(toEngineError(code('ECONNRESET'), AbortSignal.abort()).code).toBe('cancelled');
  });
});

describe('negotiateApiVersion', () => {
  it('takes the newest that both speak', () => {
    const choose = (apiVersion: string, minApiVersion = '1.24') =>
      negotiateApiVersion({ version: 'x', apiVersion, minApiVersion });
    expect([choose('1.41'), choose('1.47'), choose('1.60'), choose('1.60', '1.54')]).toEqual([
      '1.41',
      '1.47',
      '1.52',
      '1.54',
    ]);
  });

  it('refuses an engine that is too old, and compares by number', () => {
    expect(() => negotiateApiVersion({ version: '19.03', apiVersion: '1.40' })).toThrow('too old');
    expect(compareApiVersions('1.9', '1.41')).toBeLessThan(0);
  });
});

describe('parseImageReference', () => {
  it('parts name and tag, mindful of ports and digests', () => {
    expect(parseImageReference('nginx')).toEqual({ fromImage: 'nginx', tag: 'latest' });
    expect(parseImageReference('nginx:1.28')).toEqual({ fromImage: 'nginx', tag: '1.28' });
    expect(parseImageReference('host:5000/a/b')).toEqual({ fromImage: 'host:5000/a/b', tag: 'latest' });
    expect(parseImageReference('host:5000/a:1@sha256:ff')).toEqual({
      fromImage: 'host:5000/a',
      tag: 'sha256:ff',
    });
  });
});
