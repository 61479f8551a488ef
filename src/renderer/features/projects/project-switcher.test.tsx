// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { selectedProjectStore, selectProject } from '../../rpc/selected-project.ts';
import { renderApp } from '../../testing/render-app.tsx';
import { EngineMenu } from './engine-menu.tsx';
import { FollowProjects } from './follow-projects.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';

beforeEach(() => {
  // A menu looks for something visible to focus, and nothing is without a layout.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  selectProject('workspace');
});

const render = () =>
  renderApp(
    <>
      <FollowProjects />
      <ProjectSwitcher name="skilldeck" />
    </>,
  );
const openMenu = async () =>
  fireEvent.click(await screen.findByRole('button', { name: 'Project skilldeck: choose another' }));
const selected = () => selectedProjectStore.getState().id;

test('shows another project and keeps the choice for the next start', async () => {
  render();
  await openMenu();
  fireEvent.click(await screen.findByRole('menuitemradio', { name: /^shop/ }));
  expect(selected()).toBe('p-shop');
  expect(localStorage.getItem('skilldeck.project')).toBe('p-shop');
});

test('opens the folder that the dialog answers with', async () => {
  const { world } = render();
  await openMenu();
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Open compose project …' }));
  await waitFor(() => expect(selected()).toBe('p-shop'));
  expect(world.calls).toEqual([{ name: 'projects.open', input: { choose: 'folder' } }]);
});

test('opens the files of a found project, and not of one whose files are gone', async () => {
  const { world } = render();
  await openMenu();
  const lost = await screen.findByRole('menuitem', { name: /^old-ci/ });
  expect(lost.hasAttribute('data-disabled')).toBe(true);
  // Without a layout the menu counts as scrolled away, and hides.
  fireEvent.click(screen.getByRole('menuitem', { name: /^blog/, hidden: true }));
  await waitFor(() => expect(selected()).toBe('f-blog'));
  expect(world.calls).toEqual([{ name: 'projects.openFound', input: { projectId: 'f-blog' } }]);
});

test('goes back to the workspace when the project that is shown is closed or gone', async () => {
  selectProject('p-gone');
  const { world } = render();
  await waitFor(() => expect(selected()).toBe('workspace'));
  selectProject('p-lab');
  await openMenu();
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Close lab' }));
  await waitFor(() => expect(world.projects.value.projects.map(({ id }) => id)).not.toContain('p-lab'));
  expect(selected()).toBe('workspace');
});

test('connects to another Docker context', async () => {
  const { world } = renderApp(
    <EngineMenu engine={{ kind: 'connected', engine: 'docker', context: 'default', version: '27.3.1' }} />,
  );
  fireEvent.click(await screen.findByRole('button', { name: /Docker · local/ }));
  fireEvent.click(await screen.findByRole('menuitemradio', { name: /^rootless/ }));
  await waitFor(() =>
    expect(world.calls).toEqual([{ name: 'projects.useContext', input: { name: 'rootless' } }]),
  );
});
