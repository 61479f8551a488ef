import { describe, expect, it } from 'vitest';
import { DEFAULT_SIZE, parseWindowState, placeWindow } from './window-state.ts';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const bounds = { x: 100, y: 80, width: 1400, height: 900 };

describe('placeWindow', () => {
  it('opens where it was closed', () => {
    expect(placeWindow({ bounds, maximized: false }, [SCREEN])).toEqual(bounds);
  });

  it('opens at the default size when the screen it was on is gone', () => {
    expect(placeWindow({ bounds: { ...bounds, x: 4000 }, maximized: false }, [SCREEN])).toEqual(DEFAULT_SIZE);
  });

  it('shrinks to a screen that has become smaller', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(placeWindow({ bounds: { ...bounds, x: 0, y: 0 }, maximized: false }, [small])).toMatchObject({
      width: 1024,
      height: 700,
    });
  });
});

describe('parseWindowState', () => {
  it('forgets a state that is damaged', () => {
    expect(parseWindowState('{"bounds": 1}')).toBeUndefined();
    expect(parseWindowState('not json')).toBeUndefined();
  });
});
