// npm test [-- FILE …]: sets up what is missing, then checks and tests everything. Uses Node's own modules only.
import { runChecks } from './checks.mjs';
import { composeCli } from './setup/compose-cli.mjs';
import { dockerEngine } from './setup/docker-engine.mjs';
import { packagedApp } from './setup/packaged-app.mjs';
import { standInImages } from './setup/stand-in-images.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { prepareApp } from './setup/steps.mjs';
import { addResults, printClosingLine } from './test-results.mjs';
import { runPlaywright, runVitest, skipDockerTests } from './test-suites.mjs';

/** @returns {Promise<string | undefined>} why there are no tests against Docker */
async function prepareDocker() {
  /** @type {string | undefined} */
  let missing;
  await step('docker engine', async () => {
    const result = await dockerEngine();
    if (result.isMissing) missing = result.note;
    return result;
  });
  if (!missing) await step('images', standInImages);
  await step('docker compose', composeCli);
  return missing;
}

async function testEverything() {
  await prepareApp();
  const noDocker = await prepareDocker();
  await step('packaged app', packagedApp);
  const results = [await runChecks(), await runVitest('unit'), await runVitest('process')];
  results.push(noDocker ? await skipDockerTests(noDocker) : await runVitest('docker'));
  results.push(await runPlaywright(noDocker ? ['--grep-invert', '@docker'] : []));
  return printClosingLine(addResults(results));
}

/** @param {readonly string[]} files */
async function testFiles(files) {
  await prepareApp();
  const specs = files.filter((file) => file.endsWith('.spec.ts'));
  const units = files.filter((file) => !file.endsWith('.spec.ts'));
  const docker = units.filter((file) => file.endsWith('.docker.test.ts'));
  const processes = units.filter((file) => file.endsWith('.process.test.ts'));
  const others = units.filter((file) => !docker.includes(file) && !processes.includes(file));
  const results = [];
  if (docker.length > 0) {
    const noDocker = await prepareDocker();
    results.push(noDocker ? await skipDockerTests(noDocker) : await runVitest('docker', docker));
  }
  if (others.length > 0) results.push(await runVitest('unit', others));
  if (processes.length > 0) results.push(await runVitest('process', processes));
  if (specs.length > 0) results.push(await runPlaywright(specs));
  return printClosingLine(addResults(results));
}

await runMain(async () => {
  const files = process.argv.slice(2);
  return files.length > 0 ? await testFiles(files) : await testEverything();
});
