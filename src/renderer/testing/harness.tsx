import '../rpc/zod-without-eval.ts';
import '../theme/styles.ts';
import { createRoot } from 'react-dom/client';
import { App } from '../app.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { selectProject } from '../rpc/selected-project.ts';
import { navigate, PAGE_IDS } from '../shell/ui-store.ts';
import { createFakeClient } from './fake-client.ts';
import { SCENARIOS } from './sample-stack.ts';

/** The window over invented state: `?theme=dark&lang=zh&page=stack&state=running&project=p-shop`. */
const query = new URLSearchParams(location.search);
const pick = <T extends string>(name: string, values: readonly T[], fallback: T): T =>
  values.find((value) => value === query.get(name)) ?? fallback;

const language = pick('lang', ['en', 'zh'], 'en');
const { client, world } = createFakeClient(pick('state', SCENARIOS, 'running'));
const { value } = world.settings;
world.settings.publish({
  ...value,
  settings: { ...value.settings, language, theme: pick('theme', ['light', 'dark', 'system'], 'dark') },
});
const project = query.get('project');
if (project) selectProject(project);
navigate(pick('page', PAGE_IDS, 'stack'));

const container = document.getElementById('root');
if (container) createRoot(container).render(<App client={client} i18n={createI18n(language)} />);
