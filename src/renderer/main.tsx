import './rpc/zod-without-eval.ts';
import './theme/styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, Frame } from './app.tsx';
import { createI18n } from './i18n/i18n.ts';
import { connect } from './rpc/client.ts';
import { ConnectionLost } from './shell/connection-lost.tsx';

/** Connects to main, then draws; a closed port leaves nothing to show but the way back. */
async function start(container: HTMLElement): Promise<void> {
  const i18n = createI18n(navigator.language.startsWith('zh') ? 'zh' : 'en');
  const root = createRoot(container);
  const { client, onClose } = await connect();
  onClose(() =>
    root.render(
      <Frame i18n={i18n}>
        <ConnectionLost />
      </Frame>,
    ),
  );
  root.render(
    <StrictMode>
      <App client={client} i18n={i18n} />
    </StrictMode>,
  );
}

const container = document.getElementById('root');
if (container) void start(container);
