// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { selectProject } from '../../rpc/selected-project.ts';
import { renderApp } from '../../testing/render-app.tsx';
import { pullingRun } from '../../testing/sample-shop.ts';
import { closeDialog, selectNode, setLayout } from './stack-ui-store.ts';
import { StackView } from './stack-view.tsx';

beforeEach(() => {
  // A menu looks for something visible to focus, and nothing is without a layout.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  selectProject('p-shop');
  // A map needs sizes, which this DOM does not have.
  setLayout('table');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  closeDialog();
  selectNode(undefined);
  selectProject('workspace');
});

interface World {
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
}
const inputsOf = (world: World, name: string) =>
  world.calls.filter((call) => call.name === name).map((call) => call.input);
const click = async (role: string, name: string | RegExp) =>
  fireEvent.click(await screen.findByRole(role, { name }));

test('shows a plan service by service with what differs, and plans again for other options', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', /^Review plan/);
  const dialog = within(await screen.findByRole('dialog', { name: 'What Start will do' }));
  const list = within(await dialog.findByRole('list', { name: 'Services' }));
  expect(list.getByText('does not answer for a moment')).toBeTruthy();
  const [port] = dialog.getAllByText('environment.PORT');
  expect(port?.closest('li')?.textContent).toBe('environment.PORT−8080→+8081');
  const [secret] = dialog.getAllByText('environment.SESSION_SECRET');
  expect(secret?.closest('li')?.textContent).toContain('a secret is not shown');
  expect(dialog.getByText('1 service stays as it is')).toBeTruthy();
  fireEvent.click(dialog.getByRole('checkbox', { name: 'Build images anew' }));
  await waitFor(() =>
    expect(inputsOf(world, 'stack.plan').at(-1)).toEqual({
      projectId: 'p-shop',
      direction: 'up',
      build: true,
    }),
  );
  fireEvent.click(dialog.getByRole('button', { name: 'Start now' }));
  await waitFor(() => expect(inputsOf(world, 'stack.start')).toEqual([{ projectId: 'p-shop', build: true }]));
});

test('says which variables are not set and where, until it is put away, and again in the plan', async () => {
  renderApp(<StackView />);
  const bar = within(await screen.findByRole('region', { name: 'Warnings about the files' }));
  expect(bar.getByText('SHOP_RELEASE')).toBeTruthy();
  expect(bar.getByText('compose.yaml:17 +1')).toBeTruthy();
  expect(bar.getByText(/\$\{SHOP_RELEASE:-…\}/)).toBeTruthy();
  fireEvent.click(bar.getByRole('button', { name: 'Put this notice away' }));
  expect(screen.queryByRole('region', { name: 'Warnings about the files' })).toBeNull();
  await click('button', /^Review plan/);
  const dialog = within(await screen.findByRole('dialog', { name: 'What Start will do' }));
  expect(dialog.getByText('SHOP_RELEASE')).toBeTruthy();
});

test('takes down only when the project is named, if volumes go too', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'More for shop');
  await click('menuitem', 'Take down …');
  const dialog = within(await screen.findByRole('dialog', { name: 'Take down shop' }));
  fireEvent.click(dialog.getByRole('checkbox', { name: /destroy volumes/ }));
  expect(await dialog.findByText('shop_uploads')).toBeTruthy();
  const confirm = () => dialog.getByRole('button', { name: 'Take down' });
  expect(confirm().hasAttribute('disabled')).toBe(true);
  fireEvent.change(dialog.getByRole('textbox', { name: /Type shop/ }), { target: { value: 'shop' } });
  await waitFor(() => expect(confirm().hasAttribute('disabled')).toBe(false));
  fireEvent.click(confirm());
  await waitFor(() =>
    expect(inputsOf(world, 'stack.stop')).toEqual([
      { projectId: 'p-shop', volumes: true, images: 'none', removeOrphans: true },
    ]),
  );
});

test('refuses a start of what it cannot do, and says what and where', async () => {
  selectProject('p-lab');
  renderApp(<StackView />);
  expect(await screen.findByText('services.db.credential_spec')).toBeTruthy();
  expect(screen.getByText('compose.yaml, line 18')).toBeTruthy();
  await click('button', 'Start');
  const dialog = within(await screen.findByRole('dialog', { name: 'What Start will do' }));
  expect(dialog.queryByRole('button', { name: 'Start now' })).toBeNull();
});

test('stops the containers of a project and leaves them there', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'Stop');
  await waitFor(() => expect(inputsOf(world, 'stack.control')).toHaveLength(1));
  expect(inputsOf(world, 'stack.control')[0]).toMatchObject({ projectId: 'p-shop', action: 'stop' });
  expect(inputsOf(world, 'stack.stop')).toEqual([]);
});

test('scales a service only when it is said so', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'worker');
  const panel = within(await screen.findByRole('complementary', { name: 'Details of worker' }));
  expect(panel.getByText('degraded 2/3')).toBeTruthy();
  expect(panel.getByText('shop-worker-3')).toBeTruthy();
  fireEvent.click(panel.getByRole('button', { name: 'One more' }));
  expect(inputsOf(world, 'stack.scale')).toEqual([]);
  fireEvent.click(panel.getByRole('button', { name: 'Scale to 4' }));
  await waitFor(() =>
    expect(inputsOf(world, 'stack.scale')).toEqual([{ projectId: 'p-shop', service: 'worker', replicas: 4 }]),
  );
});

test('offers for a service only what its state allows', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'cache');
  await click('button', 'More for cache');
  const resume = await screen.findByRole('menuitem', { name: 'Resume' });
  expect(screen.queryByRole('menuitem', { name: 'Pause' })).toBeNull();
  expect(screen.queryByRole('menuitem', { name: 'Remove containers' })).toBeNull();
  fireEvent.click(resume);
  await waitFor(() =>
    expect(inputsOf(world, 'stack.control')).toEqual([
      { projectId: 'p-shop', action: 'unpause', services: ['cache'] },
    ]),
  );
});

test('writes changed settings only, then shows the plan', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'web');
  await click('button', 'More for web');
  await click('menuitem', 'Edit settings …');
  const dialog = within(await screen.findByRole('dialog', { name: 'Settings of web' }));
  expect(await dialog.findByText(/compose\.override\.yaml/)).toBeTruthy();
  const save = dialog.getByRole('button', { name: 'Save and review plan' });
  expect(save.hasAttribute('disabled')).toBe(true);
  fireEvent.change(dialog.getByRole('textbox', { name: 'PORT: Value' }), { target: { value: '8081' } });
  fireEvent.click(save);
  expect(await screen.findByRole('dialog', { name: 'What Start will do' })).toBeTruthy();
  expect(inputsOf(world, 'stack.writeServiceForm')).toEqual([
    {
      projectId: 'p-shop',
      service: 'web',
      version: 'v1',
      changes: [{ field: 'environment', name: 'PORT', value: '8081' }],
    },
  ]);
});

test('says that a failed update was taken back, with the last lines of the new one', async () => {
  renderApp(<StackView />);
  expect(await screen.findByText('The update of web failed and was taken back')).toBeTruthy();
  expect(screen.getByText(/ECONNREFUSED/)).toBeTruthy();
});

test('lists earlier runs with where they came from, and opens one', async () => {
  renderApp(<StackView />);
  fireEvent.click(await screen.findByLabelText('History'));
  const table = within(await screen.findByRole('table', { name: 'History' }));
  expect(await table.findByText('terminal')).toBeTruthy();
  expect(table.getByText('taken back')).toBeTruthy();
  fireEvent.click(table.getByRole('button', { name: 'scale worker' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Back to the newest run' }));
  expect(await screen.findByText('Last run')).toBeTruthy();
});

test('shows what waits and takes it out of the queue; layers show how far a pull is', async () => {
  const { world } = renderApp(<StackView />);
  const topic = world.stacks.get('p-shop');
  if (!topic) throw new Error('the sample has a shop');
  topic.publish({
    ...topic.value,
    seq: 2,
    run: pullingRun(Date.now() - 4000),
    queue: [{ id: 'run-63', kind: 'scale', services: ['worker'] }],
  });
  await click('button', 'Do not run: scale worker');
  await waitFor(() =>
    expect(inputsOf(world, 'stack.cancel')).toEqual([{ projectId: 'p-shop', operationId: 'run-63' }]),
  );
  expect(screen.getByRole('list', { name: '2 of 5 layers done' }).textContent).toContain('unpacking');
});

test('turns a profile on', async () => {
  const { world } = renderApp(<StackView />);
  await click('button', 'Profiles 1/2');
  await click('menuitemcheckbox', 'debug');
  await waitFor(() =>
    expect(inputsOf(world, 'stack.setProfile')).toEqual([
      { projectId: 'p-shop', profile: 'debug', active: true },
    ]),
  );
});

test('finds a service in the table and sorts the worst to the top', async () => {
  renderApp(<StackView />);
  await click('button', 'State');
  const rows = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent);
  expect(rows()[0]).toBe('api');
  fireEvent.change(screen.getByRole('textbox', { name: 'Find a service' }), { target: { value: 'nginx' } });
  await waitFor(() => expect(rows()).toEqual(['proxy']));
});
