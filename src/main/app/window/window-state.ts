import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const windowStateSchema = z.object({
  bounds: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int().min(400).max(20_000),
    height: z.number().int().min(300).max(20_000),
  }),
  maximized: z.boolean(),
});
export type WindowState = z.output<typeof windowStateSchema>;

export const DEFAULT_SIZE = { width: 1280, height: 800 } as const;

/**
 * What to open the window with, given what was saved and the screens there are now.
 *
 * A window that would open on a screen that is gone is centred at its size, or the default size.
 */
export function placeWindow(
  saved: WindowState | undefined,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  if (saved === undefined) return DEFAULT_SIZE;
  const { bounds } = saved;
  const home = screens.find((screen) => visibleArea(bounds, screen) >= 0.25 * bounds.width * bounds.height);
  if (home === undefined) return DEFAULT_SIZE;
  return {
    ...bounds,
    width: Math.min(bounds.width, home.width),
    height: Math.min(bounds.height, home.height),
  };
}

function visibleArea(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

export function parseWindowState(text: string): WindowState | undefined {
  try {
    return windowStateSchema.parse(JSON.parse(text));
  } catch {
    // A state that cannot be read costs a default window, never a start.
    return undefined;
  }
}

/** Synchronous because the window's first frame waits for it. */
export function readWindowStateSync(file: string): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(state)}\n`);
}
