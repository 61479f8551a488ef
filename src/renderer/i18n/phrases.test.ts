import { expect, test } from 'vitest';
import { PHRASES } from '../../shared/errors/phrases/phrases.ts';
import { zh } from './resources.ts';

/** Names and values of the files, the engine and other programs: the same in every language. */
const KEPT = new Set(
  `$NAME NAME=value host=address id=path /dev/x:/dev/y:rwm ./folder:/path:ro on-failure on-failure[:n] unless-stopped
   every_<duration> a-z 512m 30s 127.0.0.1:8080:80/udp CMD CMD-SHELL NONE YAML URL JSON TLS SSH SSH_AUTH_SOCK DOCKER_HOST
   DOCKER_CONTEXT GiB MiB Docker Engine Dockerfile BuildKit Swarm Windows Compose Skilldeck Model Runner shell seccomp .env
   type=inline type image ssh-add !reset all always bind build cluster config container_name context daily default env_file
   http https apiKeySecret additional_contexts entitlements environment extends external false file hard healthcheck include missing name
   never no path profile read_only redis rediss sctp secret service services soft source start_period subpath target tcp token
   true udp volume.subpath weekly export`.split(/\s+/),
);

test('every phrase of a fault has a text in both languages', () => {
  for (const [key, english] of Object.entries(PHRASES)) {
    expect(english, key).not.toBe('');
    expect(zh.phrases[key as keyof typeof PHRASES], key).toMatch(/\S/);
  }
  expect(Object.keys(zh.phrases).sort()).toEqual(Object.keys(PHRASES).sort());
});

test('no Chinese phrase has an English word but names and values', () => {
  const words = Object.values(zh.phrases)
    .flatMap((text) => text.replaceAll(/\{\{\w+\}\}/g, ' ').match(/[!-~]+/g) ?? [])
    .map((word) => word.replace(/[,:]$/, ''))
    .filter((word) => /[A-Za-z]/.test(word) && !KEPT.has(word));
  expect(words).toEqual([]);
});
