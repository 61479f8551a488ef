import { expect, test } from 'vitest';
import { listeningInodes, parseLsof, parseNetstat } from './parse-listeners.ts';

const PROC = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 80 1 0000000000000000 100 0 0 10 0
`;
const PROC6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0000000000000000 100 0 0 10 0
`;

test('finds the listening sockets of a port on Linux, but no connection', () => {
  expect(listeningInodes(PROC, 8080)).toEqual(['4711']);
  expect(listeningInodes(PROC, 80)).toEqual(['80']);
  expect(listeningInodes(PROC6, 8080)).toEqual(['99']);
  expect(listeningInodes(PROC, 90)).toEqual([]);
  expect(listeningInodes('', 80)).toEqual([]);
});

test('reads the first process that lsof names on macOS', () => {
  expect(parseLsof('p4242\ncnode\nf23\np4243\ncother\n')).toEqual({ pid: 4242, name: 'node' });
  expect(parseLsof('p4242\n')).toEqual({ pid: 4242, name: 'a process' });
  expect(parseLsof('')).toBeUndefined();
});

test.each([
  ['English', 'LISTENING'],
  ['German', 'ABHÖREN'],
])('reads the listener of a port from a %s Windows', (_language, state) => {
  const output = [
    'Active Connections',
    '',
    '  Proto  Local Address          Foreign Address        State           PID',
    `  TCP    127.0.0.1:8080         127.0.0.1:50000        ESTABLISHED     11`,
    `  TCP    0.0.0.0:18080          0.0.0.0:0              ${state}       12`,
    `  TCP    0.0.0.0:8080           0.0.0.0:0              ${state}       13`,
    `  TCP    [::]:9090              [::]:0                 ${state}       14`,
  ].join('\r\n');
  expect(parseNetstat(output, 8080)).toBe(13);
  expect(parseNetstat(output, 9090)).toBe(14);
  expect(parseNetstat(output, 80)).toBeUndefined();
});
