// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from '../../testing/render-app.tsx';
import { closeDialog } from './stack-ui-store.ts';
import { StackView } from './stack-view.tsx';

afterEach(() => {
  cleanup();
  closeDialog();
});

const callNames = (world: { calls: readonly { name: string }[] }) => world.calls.map((call) => call.name);

test('shows the plan before a start and starts only when it is agreed to', async () => {
  const { world } = renderApp(<StackView />, { scenario: 'stopped' });
  const [button] = await screen.findAllByRole('button', { name: 'Start' });
  fireEvent.click(button as HTMLElement);
  const dialog = await screen.findByRole('dialog', { name: 'What Start will do' });
  expect(await within(dialog).findByText('files of the build have changed')).toBeTruthy();
  expect(callNames(world)).not.toContain('stack.start');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Start now' }));
  await waitFor(() => expect(callNames(world)).toContain('stack.start'));
});

test('starts at once when the settings skip the plan', async () => {
  const { world } = renderApp(<StackView />, { scenario: 'stopped' });
  const { value } = world.settings;
  world.settings.publish({ ...value, settings: { ...value.settings, reviewPlan: false } });
  const [button] = await screen.findAllByRole('button', { name: 'Start' });
  await waitFor(() => {
    fireEvent.click(button as HTMLElement);
    expect(callNames(world)).toContain('stack.start');
  });
});

test('offers the sandbox where Docker refuses', async () => {
  const { world } = renderApp(<StackView />, { scenario: 'noengine' });
  fireEvent.click(await screen.findByRole('button', { name: 'Use the sandbox instead' }));
  await waitFor(() => expect(world.settings.value.settings.engine).toBe('sandbox'));
});

test('names the owner of a busy port and moves to another one', async () => {
  const { world } = renderApp(<StackView />, { scenario: 'port' });
  expect(await screen.findByText('Port 8080 is used by nginx (pid 123)')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Use another port' }));
  await waitFor(() => expect(callNames(world)).toEqual(['stack.moveBusyPort', 'stack.start']));
});

test('cancels the run under way', async () => {
  const { world } = renderApp(<StackView />, { scenario: 'starting' });
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() =>
    expect(world.calls).toEqual([
      { name: 'stack.cancel', input: { projectId: 'workspace', operationId: 'run-43' } },
    ]),
  );
});

test('says in Chinese what failed, with the output that shows why', async () => {
  renderApp(<StackView />, { scenario: 'failed', language: 'zh' });
  expect(await screen.findByText('ai-gateway 的镜像构建失败')).toBeTruthy();
  expect(screen.getByText(/npm error code ETIMEDOUT/)).toBeTruthy();
});
