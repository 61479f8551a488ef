import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ShellPage } from '../pages/shell-page.ts';
import { StackPage } from '../pages/stack-page.ts';
import { COMPOSE_CLI, dockerCompose } from '../support/compose-cli.ts';
import { dockerLeftovers, removeDockerTraces } from '../support/docker-leftovers.ts';
import { FAKE_UPSTREAM } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { launchSkilldeck } from '../support/skilldeck.ts';

test.use({ bench: { engine: 'docker' } });

// A service of the person's own, as they would add one.
const OVERRIDE = `services:
  fake-upstream:
    image: node:22-bookworm-slim
    command: [node, /srv/server.mjs]
    environment:
      HOST: 0.0.0.0
      PORT: "9000"
    volumes:
      - ./fake-upstream:/srv:ro
    networks:
      - skilldeck
`;

test('Docker: build, start, chat through TLS, logs, shell, quit and find again, stop @docker', async ({
  workbench,
}) => {
  test.setTimeout(600_000);
  await mkdir(path.join(workbench.workspace, 'fake-upstream'));
  await copyFile(FAKE_UPSTREAM, path.join(workbench.workspace, 'fake-upstream', 'server.mjs'));
  await writeFile(path.join(workbench.workspace, 'compose.override.yaml'), OVERRIDE);

  let skilldeck = await launchSkilldeck(workbench);
  try {
    let stack = new StackPage(skilldeck.page);
    await test.step('Start waits for the person and shows the plan first', async () => {
      await stack.expectState('stopped');
      await stack.start.click();
      await expect(stack.planDialog).toContainText('create network');
      await expect(stack.planDialog).toContainText('build image');
      await stack.startNow.click();
    });

    await test.step('it is built, created and healthy, phase by phase', async () => {
      await stack.expectState('running', 400_000);
      for (const service of ['ai-gateway', 'file-manager', 'reverse-proxy'])
        await expect(stack.node(service, 'healthy')).toBeVisible();
      await stack.expectPhases('prepare', 'pull / build', 'dependencies', 'initialise', 'health');
    });

    await test.step('docker compose sees it as a project of its own', async () => {
      if (COMPOSE_CLI === undefined) {
        console.log('skipped: comparison with docker compose v2 (DOCKER_COMPOSE_BIN is not set)');
        return;
      }
      const services = await dockerCompose(workbench.workspace, 'ps', '--services', '--status', 'running');
      expect(services.trim().split('\n').sort()).toEqual([
        'ai-gateway',
        'fake-upstream',
        'file-manager',
        'reverse-proxy',
      ]);
      expect(await dockerCompose(workbench.workspace, 'ls')).toContain(workbench.project);
      expect(await dockerCompose(workbench.workspace, 'logs', '--no-color', 'ai-gateway')).toContain(
        'gateway listening',
      );
    });

    await test.step('quit and start again: the running stack is found as it is', async () => {
      await skilldeck.close();
      skilldeck = await launchSkilldeck(workbench);
      stack = new StackPage(skilldeck.page);
      await stack.expectState('running');
      await expect(stack.node('reverse-proxy', 'healthy')).toBeVisible();
    });

    const shell = new ShellPage(skilldeck.page);
    await test.step('a save is live in the container', async () => {
      const skills = await shell.openSkills();
      await skills.open('unit-converter');
      await skills.append('unit-converter', 'Close every answer with the word marigold.');
      await skills.save();
      await skills.expectLive();
    });

    await test.step('the chat goes through nginx with TLS and applies the skill', async () => {
      const chat = await shell.openChat();
      await chat.chooseUpstream('http://fake-upstream:9000/v1');
      const answer = await chat.ask('How much is 5 miles in kilometres?');
      await expect(answer).toContainText('marigold');
      await expect(answer).toContainText('unit-converter');
    });

    await test.step('the logs of the containers stream', async () => {
      const logs = await shell.openLogs();
      await expect(logs.lines).toContainText('request finished');
      await expect(logs.lines).toContainText('TLSv1.3');
    });

    await test.step('init.sh runs in a shell in the gateway', async () => {
      const terminal = await shell.openTerminal();
      await terminal.openShell('ai-gateway');
      await terminal.runInit.click();
      await expect(terminal.screen).toContainText('configuration is valid');
      await expect(terminal.screen).toContainText('ready');
    });

    await test.step('Stop takes it all down', async () => {
      await shell.openStack();
      await stack.stop.click();
      await stack.expectState('stopped', 120_000);
      expect(await dockerLeftovers(workbench.project)).toEqual([]);
    });
  } finally {
    await skilldeck.close();
    await removeDockerTraces(workbench.project);
  }
});
