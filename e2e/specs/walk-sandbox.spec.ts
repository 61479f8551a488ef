import { ShellPage } from '../pages/shell-page.ts';
import { StackPage } from '../pages/stack-page.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { launchSkilldeck } from '../support/skilldeck.ts';

test.use({ bench: { engine: 'sandbox' } });

test('sandbox: the stack comes up by itself, a skill goes live, the chat uses it, the logs show it @smoke', async ({
  skilldeck,
  workbench,
}) => {
  const { page, output } = skilldeck;
  const shell = new ShellPage(page);

  await test.step('the stack is up: on the map, in the timeline, in the terminal', async () => {
    const stack = new StackPage(page);
    await stack.expectState('running');
    await expect(stack.node('ai-gateway', 'healthy')).toBeVisible();
    await expect(stack.node('file-manager', 'healthy')).toBeVisible();
    await stack.expectPhases('initialise', 'health');
    const { gateway, fileManager } = workbench.ports;
    await expect.poll(() => output.join('\n')).toContain(`curl -s http://127.0.0.1:${gateway}/v1`);
    expect(output.join('\n')).toMatch(new RegExp(`file manager +http://127.0.0.1:${fileManager} +healthy`));
    expect(output.join('\n')).toContain(workbench.workspace);
    expect(output.join('\n')).not.toContain(await workbench.env('GATEWAY_API_KEY'));
  });

  await test.step('the demo model answers with real llama.cpp, and says that it is one', async () => {
    const chat = await shell.openChat();
    await expect(chat.useRealModel).toBeVisible();
    const answer = await chat.ask('hello');
    await expect(answer).toContainText(/\w+ \w+/);
  });

  const upstream = await startFakeUpstream();
  try {
    const generation = await test.step('a changed sentence is live', async () => {
      const skills = await shell.openSkills();
      await skills.open('unit-converter');
      await skills.append('unit-converter', 'Close every answer with the word marigold.');
      await skills.save();
      return (await skills.expectLive()).generation;
    });

    await test.step('the answer shows that the new text was applied and names the skill', async () => {
      const chat = await shell.openChat();
      await chat.newChat();
      await chat.chooseUpstream(upstream.baseUrl);
      const answer = await chat.ask('How much is 5 miles in kilometres?');
      await expect(answer).toContainText('marigold');
      await expect(answer.getByText(`unit-converter · gen ${generation}`)).toBeVisible();
    });

    await test.step('the logs have the reload and the request, live', async () => {
      const logs = await shell.openLogs();
      await expect(logs.lines).toContainText('skills reloaded');
      await expect(logs.lines).toContainText('request finished');
    });

    await test.step('a shell opens in the folder of the gateway', async () => {
      const terminal = await shell.openTerminal();
      await terminal.openShell('ai-gateway');
      await terminal.type('echo deck-$((40 + 2))');
      await expect(terminal.screen).toContainText('deck-42');
    });
  } finally {
    upstream.close();
  }

  await test.step('after quitting nothing runs; the next start brings it up again', async () => {
    await skilldeck.close();
    await expect(fetch(`http://127.0.0.1:${workbench.ports.gateway}/healthz`)).rejects.toThrow();
    const again = await launchSkilldeck(workbench);
    await new StackPage(again.page).expectState('running');
    await again.close();
  });
});
