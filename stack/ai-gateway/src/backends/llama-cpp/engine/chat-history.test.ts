import { describe, expect, it } from 'vitest';
import { toHistory } from './chat-history.ts';
import type { WorkerMessage } from './inference-protocol.ts';

const user: WorkerMessage = { role: 'user', text: 'Weather?' };
const call = { id: 'c1', name: 'weather', params: { city: 'Berlin' } };
const asked: WorkerMessage = { role: 'assistant', text: '', calls: [call] };
const told: WorkerMessage = { role: 'tool', callId: 'c1', text: '{"celsius":7}' };
const functionCall = {
  type: 'functionCall',
  name: 'weather',
  params: { city: 'Berlin' },
  startsNewChunk: true,
};

describe('toHistory', () => {
  it('opens a turn for the answer', () => {
    expect(toHistory([{ role: 'system', text: 'Be brief.' }, user])).toEqual([
      { type: 'system', text: 'Be brief.' },
      { type: 'user', text: 'Weather?' },
      { type: 'model', response: [] },
    ]);
  });

  it('gives the results of tools to the calls of the turn that goes on', () => {
    expect(toHistory([user, asked, told]).slice(1)).toEqual([
      { type: 'model', response: [{ ...functionCall, result: { celsius: 7 } }] },
    ]);
    const answered: WorkerMessage = { role: 'assistant', text: 'Seven.', calls: [] };
    expect(toHistory([user, asked, told, answered, user]).slice(1, 2)).toEqual([
      { type: 'model', response: [{ ...functionCall, result: { celsius: 7 } }, 'Seven.'] },
    ]);
  });

  it('finds the results of calls that were made together, in any order', () => {
    const second = { id: 'c2', name: 'clock', params: {} };
    const both: WorkerMessage = { role: 'assistant', text: 'Wait.', calls: [call, second] };
    const history = toHistory([user, both, { role: 'tool', callId: 'c2', text: 'noon' }, told]);
    expect(history.at(-1)).toEqual({
      type: 'model',
      response: [
        'Wait.',
        { ...functionCall, result: { celsius: 7 } },
        { type: 'functionCall', name: 'clock', params: {}, result: 'noon', startsNewChunk: false },
      ],
    });
  });

  it('tells a result that nobody asked for as words, and keeps two answers in a row apart', () => {
    const answer: WorkerMessage = { role: 'assistant', text: 'a', calls: [] };
    expect(toHistory([told, answer, answer])).toEqual([
      { type: 'user', text: 'Result of the tool:\n{"celsius":7}' },
      { type: 'model', response: ['a'] },
      { type: 'model', response: ['a'] },
    ]);
  });
});
