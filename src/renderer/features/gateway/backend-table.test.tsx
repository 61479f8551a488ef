// @vitest-environment happy-dom

import type { BackendStatus, ModelProcessStatus } from '@skilldeck/agent-skills';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from '../../testing/render-app.tsx';
import { BackendTable } from './backend-table.tsx';

afterEach(cleanup);

const backend = (
  name: string,
  process: Partial<ModelProcessStatus> & Pick<ModelProcessStatus, 'state'>,
): BackendStatus => ({
  name,
  kind: 'llama-cpp',
  state: 'ready',
  inFlight: 0,
  models: ['small'],
  process: { openRequests: 0, ...process },
});
const far: BackendStatus = { name: 'far', kind: 'openai', state: 'ready', inFlight: 0, models: [] };

const rowOf = (name: string) =>
  screen.getByRole('rowheader', { name: new RegExp(`^${name} `) }).closest('tr');

test('says how each model is, and where it runs', () => {
  const gpu = { offered: ['cuda'], used: 'cuda', devices: ['Card'], layers: 20, totalLayers: 33 };
  renderApp(
    <BackendTable
      backends={[
        backend('waking', { state: 'loading', progress: 0.427 }),
        backend('resting', { state: 'sleeping' }),
        backend('lost', { state: 'restarting', retryInMs: 3200 }),
        backend('broken', { state: 'failed' }),
        backend('working', { state: 'ready', unloadsInMs: 60_000, gpu }),
        backend('plain', {
          state: 'ready',
          gpu: { ...gpu, offered: [], used: 'off', devices: [], layers: 0 },
        }),
        far,
      ]}
    />,
  );
  expect(rowOf('waking')?.textContent).toContain('loading 42 %');
  expect(rowOf('resting')?.textContent).toContain('asleep');
  expect(rowOf('lost')?.textContent).toContain('starts again in 4 s');
  expect(rowOf('broken')?.textContent).toContain('cannot be loaded');
  expect(rowOf('working')?.textContent).toContain('llama.cpp · cuda, 20 of 33 layers');
  expect(rowOf('plain')?.textContent).toContain('llama.cpp · CPU');
  expect(screen.getByTitle('Unloaded in 60 s unless something is asked.')).toBeTruthy();
});

test('loads what is not there, unloads what is, and offers neither for a server elsewhere', async () => {
  const { world } = renderApp(
    <BackendTable
      backends={[
        backend('resting', { state: 'sleeping' }),
        backend('idle', { state: 'ready' }),
        backend('busy', { state: 'ready', openRequests: 2 }),
        far,
      ]}
    />,
  );
  const called = (name: string) => world.calls.filter((call) => call.name === name).map(({ input }) => input);
  fireEvent.click(screen.getByRole('button', { name: 'Load the model of resting' }));
  await waitFor(() => expect(called('gateway.loadBackend')).toEqual([{ backend: 'resting' }]));
  fireEvent.click(screen.getByRole('button', { name: 'Unload the model of idle' }));
  await waitFor(() => expect(called('gateway.unloadBackend')).toEqual([{ backend: 'idle' }]));
  expect(screen.getByRole('button', { name: 'Unload the model of busy' })).toHaveProperty('disabled', true);
  expect(rowOf('far')?.querySelector('button')).toBeNull();
});
