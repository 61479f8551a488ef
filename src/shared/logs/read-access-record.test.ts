import { describe, expect, it } from 'vitest';
import { formatLogLine } from './format-log-line.ts';
import { readAccessRecord } from './read-access-record.ts';

const RECORD = {
  time: '2026-11-23T22:10:48+00:00',
  requestId: 'b305653b363d7b93',
  client: '10.187.10.1',
  method: 'POST',
  path: '/v1/chat/completions',
  status: 200,
  bytes: 12900,
  seconds: 0.981,
  upstream: '10.187.10.3:8080',
  protocol: 'HTTP/1.1',
  tls: 'TLSv1.3',
};

describe('readAccessRecord', () => {
  it('says the request first, then what it took', () => {
    const text = formatLogLine(
      { service: 'reverse-proxy', at: 0, stream: 'stdout', text: JSON.stringify(RECORD) },
      { color: false },
    );
    expect(text).toMatch(
      /INFO POST \/v1\/chat\/completions 200 ms=981 bytes=12900 requestId=b305653b363d7b93/,
    );
    expect(text).toContain('tls=TLSv1.3');
  });

  it('makes a refused request a warning and a failed one an error', () => {
    expect(readAccessRecord({ ...RECORD, status: 404 })?.level).toBe(40);
    expect(readAccessRecord({ ...RECORD, status: 502 })?.level).toBe(50);
  });

  it('leaves records with words of their own alone', () => {
    expect(readAccessRecord({ ...RECORD, msg: 'request completed' })).toBeUndefined();
    expect(readAccessRecord({ level: 30, msg: 'hello' })).toBeUndefined();
  });
});
