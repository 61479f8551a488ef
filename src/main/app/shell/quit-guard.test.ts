import { describe, expect, it, vi } from 'vitest';
import { AppEvents } from './app-events.ts';
import { QuitGuard } from './quit-guard.ts';

function createGuard() {
  const events = new AppEvents();
  const send = vi.spyOn(events, 'send');
  const shutDown = vi.fn(() => Promise.resolve());
  const guard = new QuitGuard({ events, showWindow: vi.fn(), shutDown });
  return { guard, send, shutDown };
}

describe('QuitGuard', () => {
  it('quits at once when nothing is unsaved', () => {
    const { guard, shutDown } = createGuard();
    guard.request();
    expect(shutDown).toHaveBeenCalledOnce();
  });

  it('asks the window first, and stays when the person wants to', () => {
    const { guard, send, shutDown } = createGuard();
    guard.setUnsaved(true);
    guard.request();
    guard.answer(false);
    expect(send).toHaveBeenCalledWith({ kind: 'quitRequested' });
    expect(shutDown).not.toHaveBeenCalled();
    guard.answer(true);
    expect(guard.isEnding).toBe(true);
  });

  it('shuts down once, however often it is told', () => {
    const { guard, shutDown } = createGuard();
    guard.end();
    guard.end();
    guard.request();
    expect(shutDown).toHaveBeenCalledOnce();
  });
});
