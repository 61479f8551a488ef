import { expect, test } from 'vitest';
import { PHRASES } from '../../shared/errors/phrases/phrases.ts';
import { zh } from './resources.ts';

/** Names and values of the files, the engine and other programs: the same in every language. */
const KEPT =
  /\{\{\w+\}\}|NAME=value|host=address|id=path|on-failure(\[:n\])?|unless-stopped|every_<duration>|external: true|\d+m|\d+s|ro|rwm|[\d.]+:\d+(:\d+)?(\/udp)?|\/dev\/\w+(:\/dev\/\w+:rwm)?|\.\/folder:\/path:ro|\$?\b[A-Z][A-Z-]+\b|\b(a-z|action|all|always|bind|build|config|container_name|context|daily|default|env_file|extends|external|false|hard|healthcheck|include|missing|name|never|no|path|profile|sctp|secret|service|services|soft|source|start_period|target|tcp|true|udp|weekly|export)\b/g;

test('every phrase of a fault has a text in both languages', () => {
  for (const [key, english] of Object.entries(PHRASES)) {
    expect(english, key).not.toBe('');
    expect(zh.phrases[key as keyof typeof PHRASES], key).toMatch(/\S/);
  }
  expect(Object.keys(zh.phrases).sort()).toEqual(Object.keys(PHRASES).sort());
});

test('no Chinese phrase has an English word but names and values', () => {
  for (const [key, text] of Object.entries(zh.phrases))
    expect(text.replaceAll(KEPT, ''), key).not.toMatch(/[A-Za-z]/);
});
