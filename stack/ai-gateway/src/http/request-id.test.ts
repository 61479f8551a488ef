import { describe, expect, it } from 'vitest';
import { requestId } from './request-id.ts';

describe('requestId', () => {
  it('keeps the id of the proxy', () => {
    expect(requestId('b305653b363d7b93bfec37d39c824a')).toBe('b305653b363d7b93bfec37d39c824a');
  });

  it.each([undefined, '', 'short', 'line\nbreak-in-the-id', 'x'.repeat(200), ['two', 'ids']])(
    'makes its own for %j',
    (given) => {
      expect(requestId(given)).toMatch(/^req_[0-9a-f]{32}$/);
    },
  );
});
