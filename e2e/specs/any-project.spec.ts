import type { ElectronApplication } from '@playwright/test';
import { ProjectSwitcher } from '../pages/project-switcher.ts';
import { StackPage } from '../pages/stack-page.ts';
import { COMPOSE_CLI, dockerCompose } from '../support/compose-cli.ts';
import { createComposeProject } from '../support/compose-project.ts';
import { dockerLeftovers, removeDockerTraces } from '../support/docker-leftovers.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ bench: { engine: 'docker' } });

/** The person chooses this folder in the system's dialog. */
async function choose(app: ElectronApplication, folder: string): Promise<void> {
  const answer = () =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, folder);
  // The inspector of a starting Electron loses an answer now and then; asking again changes nothing.
  await answer().catch((error: unknown) => {
    if (!String(error).includes('garbage collected')) throw error;
    return answer();
  });
}

test('any project: open, plan, start, change, roll back, history, scale, take down @docker', async ({
  skilldeck: { app, page },
  workbench,
}) => {
  test.setTimeout(300_000);
  const project = await createComposeProject(workbench.root);
  const stack = new StackPage(page);
  const switcher = new ProjectSwitcher(page);
  await project.write({ greeting: 'hello' });
  try {
    await test.step('it is opened from its folder and shown stopped', async () => {
      await choose(app, project.folder);
      await switcher.openFolder();
      await switcher.expectShown(project.name);
      await stack.expectState('stopped');
    });

    await test.step('Start shows the plan, then brings it up', async () => {
      await stack.start.click();
      await expect(stack.planned('web')).toContainText('create');
      await expect(stack.planned('worker')).toContainText('create');
      await stack.startNow.click();
      await stack.expectState('running');
      await expect(stack.node('web', 'healthy')).toBeVisible();
      expect(await project.greeting()).toBe('hello');
    });

    await test.step('a changed file shows as a difference, setting by setting, and is applied', async () => {
      await project.write({ greeting: 'good morning' });
      await expect(stack.node('web', 'differs')).toBeVisible();
      await stack.start.click();
      await expect(stack.planned('web')).toContainText('environment.GREETING');
      await expect(stack.planned('web').locator('del')).toHaveText('−hello');
      await expect(stack.planned('web').locator('ins')).toHaveText('+good morning');
      await stack.startNow.click();
      await expect(stack.node('web', 'differs')).toBeHidden({ timeout: 60_000 });
      await expect(stack.run.getByText('Under way')).toBeHidden({ timeout: 60_000 });
      expect(await project.greeting()).toBe('good morning');
    });

    await test.step('an update that turns out bad is taken back, and said why', async () => {
      const before = await project.containers('web');
      await project.write({ greeting: 'good evening', isBroken: true });
      await expect(stack.node('web', 'differs')).toBeVisible();
      await stack.reviewAndStart();
      await stack.expectOutcome('taken back', 90_000);
      await expect(stack.run).toContainText('greeting is good evening');
      expect(await project.containers('web')).toEqual(before);
      await expect(stack.node('web', 'healthy')).toBeVisible();
      await project.write({ greeting: 'good morning' });
      await expect(stack.node('web', 'differs')).toBeHidden();
    });

    await test.step('the history keeps every run, also over a reload', async () => {
      await page.reload();
      await page.locator('html[data-usable="true"]').waitFor();
      await switcher.expectShown(project.name);
      await stack.showTab('History');
      const rows = stack.run.getByRole('row');
      await expect(rows).toHaveCount(4);
      await expect(rows.nth(1)).toContainText('taken back');
      await rows.nth(3).getByRole('button').click();
      await stack.expectOutcome('done');
      await page.getByRole('button', { name: 'Back to the newest run' }).click();
    });

    await test.step('a service gets a second instance', async () => {
      await stack.scale('worker', 'One more', 2);
      await expect.poll(async () => (await project.containers('worker')).length).toBe(2);
      await expect(stack.inspector.getByText(`${project.name}-worker-2`)).toBeVisible();
    });

    await test.step('it is taken down with its volume only when its name is typed', async () => {
      const dialog = await stack.openDown(project.name);
      await dialog.getByRole('checkbox', { name: /destroy volumes/ }).check();
      await expect(dialog.getByText(`${project.name}_pages`)).toBeVisible();
      const confirm = dialog.getByRole('button', { name: 'Take down' });
      await expect(confirm).toBeDisabled();
      await dialog.getByRole('textbox').fill(project.name);
      await confirm.click();
      await stack.expectState('stopped');
      expect(await dockerLeftovers(project.name)).toEqual([]);
    });
  } finally {
    await removeDockerTraces(project.name);
  }
});

test('a project that docker compose started is found and taken over as it is @docker', async ({
  skilldeck: { page },
  workbench,
}) => {
  test.skip(COMPOSE_CLI === undefined, 'DOCKER_COMPOSE_BIN is not set');
  test.setTimeout(180_000);
  const project = await createComposeProject(workbench.root);
  const stack = new StackPage(page);
  const switcher = new ProjectSwitcher(page);
  await project.write({ greeting: 'hello' });
  try {
    await dockerCompose(project.folder, 'up', '-d', '--wait');
    const before = await project.containers();
    await expect(async () => {
      await switcher.title.click();
      const item = page.getByRole('menuitem', { name: new RegExp(`^${project.name}`) });
      await expect(item).toBeVisible({ timeout: 2000 });
      await page.keyboard.press('Escape');
    }).toPass();
    await switcher.openFound(project.name);
    await stack.expectState('running');
    await expect(stack.node('web', 'healthy')).toBeVisible();
    // Nothing differs, so there is nothing to review.
    await expect(stack.start).toBeHidden();
    expect(await project.containers()).toEqual(before);

    await stack.stop.click();
    await stack.expectState('stopped');
    expect(await project.containers()).toEqual(before);
    const dialog = await stack.openDown(project.name);
    await dialog.getByRole('button', { name: 'Take down' }).click();
    await expect.poll(() => dockerLeftovers(project.name)).toEqual([]);
    await switcher.close(project.name);
    await switcher.expectShown(workbench.project);
  } finally {
    await removeDockerTraces(project.name);
  }
});
