import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Frame } from '../app.tsx';
import { createI18n, type Language } from '../i18n/i18n.ts';
import { ClientProvider } from '../rpc/client-context.tsx';
import { createFakeClient } from './fake-client.ts';
import type { FakeWorld } from './fake-world.ts';
import type { Scenario } from './sample-stack.ts';

/** Renders a part of the window over invented state; the world takes what a test wants to publish. */
export function renderApp(
  content: ReactNode,
  { scenario = 'running', language = 'en' }: { scenario?: Scenario; language?: Language } = {},
): { readonly world: FakeWorld } {
  const { client, world } = createFakeClient(scenario);
  render(
    <Frame i18n={createI18n(language)}>
      <ClientProvider client={client}>{content}</ClientProvider>
    </Frame>,
  );
  return { world };
}
