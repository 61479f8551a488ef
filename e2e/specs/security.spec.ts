import { expect, test } from '../support/fixtures.ts';

test.use({ bench: { engine: 'sandbox', autoStartSandbox: false } });

test.describe('a hostile page', () => {
  test('cannot navigate the window away', async ({ skilldeck: { app, page } }) => {
    // Asked in main: a refused navigation leaves Playwright waiting for its end.
    const shown = () =>
      app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        return { url: contents?.getURL(), isLoading: contents?.isLoadingMainFrame() };
      });
    const before = await shown();
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await expect.poll(shown).toEqual(before);
    expect(before).toMatchObject({ url: expect.stringMatching(/^app:\/\/skilldeck\//), isLoading: false });
  });

  test('cannot open a window', async ({ skilldeck: { app, page } }) => {
    expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
    expect(app.windows()).toHaveLength(1);
  });

  test('finds no Node and no bridge', async ({ skilldeck: { page } }) => {
    const found = await page.evaluate(() => ({
      require: 'require' in window,
      process: 'process' in window,
      module: 'module' in window,
      electron: 'electron' in window,
      buffer: 'Buffer' in window,
    }));
    expect(found).toEqual({ require: false, process: false, module: false, electron: false, buffer: false });
  });

  test('gets no permission', async ({ skilldeck: { page } }) => {
    const states = await page.evaluate(async () => {
      const media = await navigator.mediaDevices
        .getUserMedia({ video: true })
        .then(() => 'granted')
        .catch((error: Error) => error.name);
      const place = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code),
        ),
      );
      const notifications = await Notification.requestPermission();
      return { media, place, notifications };
    });
    expect(states.media).toMatch(/NotAllowedError|NotFoundError/);
    expect(states.place).toBe(1);
    expect(states.notifications).toBe('denied');
  });

  test('cannot run a string as code or load a foreign script', async ({ skilldeck: { page } }) => {
    const outcome = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const attempt = (run: () => unknown) => {
        try {
          run();
          return 'ran';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const inline = attempt(() => {
        const script = document.createElement('script');
        script.text = 'window.__hostile = true';
        document.body.append(script);
      });
      const markup = attempt(() => {
        document.createElement('div').innerHTML = '<img src=x onerror="window.__hostile = true">';
      });
      const fetched = await fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      // The report comes after the refusal.
      for (let frame = 0; frame < 60 && !violations.includes('connect-src'); frame += 1)
        await new Promise((resolve) => requestAnimationFrame(resolve));
      return { inline, markup, fetched, hostile: '__hostile' in window, violations };
    });
    expect(outcome).toMatchObject({
      inline: 'TypeError',
      markup: 'TypeError',
      fetched: 'refused',
      hostile: false,
    });
    expect(outcome.violations).toContain('connect-src');
  });

  test('cannot talk on a port from a frame', async ({ skilldeck: { page } }) => {
    const answered = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const frame = document.createElement('iframe');
          document.body.append(frame);
          const inner = frame.contentWindow;
          if (inner === null) return resolve('no frame');
          inner.addEventListener('message', (event) => {
            if (event.ports.length > 0) resolve('got a port');
          });
          inner.postMessage('skilldeck:ready', '*');
          setTimeout(() => resolve('nothing'), 500);
        }),
    );
    expect(answered).toBe('nothing');
  });

  test('is refused when it calls what the contract does not have', async ({ skilldeck: { page } }) => {
    const answer = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          window.addEventListener('message', (event) => {
            const port = event.ports[0];
            if (event.data !== 'skilldeck:port' || port === undefined) return;
            port.onmessage = (reply) => resolve(JSON.stringify(reply.data));
            port.postMessage(JSON.stringify({ i: '1', p: { u: '/app/dispose', b: { json: {} } } }));
          });
          window.postMessage('skilldeck:ready', '*');
        }),
    );
    expect(answer).toContain('404');
  });
});

test('the window carries the flags of the checklist', async ({ skilldeck: { app } }) => {
  const flags = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const preferences = contents.getLastWebPreferences();
    return Object.fromEntries(
      [
        'contextIsolation',
        'sandbox',
        'nodeIntegration',
        'nodeIntegrationInSubFrames',
        'webSecurity',
        'webviewTag',
      ].map((name) => [name, preferences[name]]),
    );
  });
  expect(flags).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
});
