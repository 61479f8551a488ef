import { describe, expect, it } from 'vitest';
import { followsAfterScroll, isAtEnd } from './follow-scroll.ts';

const at = (scrollTop: number, scrollHeight = 1000) => ({ scrollTop, clientHeight: 400, scrollHeight });

describe('follow scroll', () => {
  it('follows at the end and a little above it', () => {
    expect([at(600), at(590), at(560)].map(isAtEnd)).toEqual([true, true, false]);
  });

  it('stops when the person scrolls up and starts again at the end', () => {
    expect(followsAfterScroll(true, 600, at(300))).toBe(false);
    expect(followsAfterScroll(false, 300, at(400))).toBe(false);
    expect(followsAfterScroll(false, 400, at(598))).toBe(true);
  });

  it('goes on when the text grew and nobody scrolled', () => {
    expect(followsAfterScroll(true, 600, at(600, 1400))).toBe(true);
  });
});
