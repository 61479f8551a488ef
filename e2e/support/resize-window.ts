import type { Skilldeck } from './skilldeck.ts';

/** The size of what is drawn, without the frame of the window system. */
export async function resizeWindow({ app, page }: Skilldeck, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w]) => window.innerWidth === w, [width] as const);
}
