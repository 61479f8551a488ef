import { type CommandRun, print, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../format/format-table.ts';
import { chosenContext } from '../project/open-engine.ts';
import { optionsOf } from './options-of.ts';

/** Asks no engine. */
export const run: CommandRun = async (context, input) => {
  const [{ listDockerContexts }, { readHostFacts }] = await Promise.all([
    import('../../main/engine/docker/docker-contexts.ts'),
    import('../../main/engine/docker/host-facts.ts'),
  ]);
  const contexts = await listDockerContexts(readHostFacts(context.env), chosenContext(context));
  const { quiet } = optionsOf<{ quiet?: boolean }>(input);
  if (context.globals.json === true)
    printJson(
      context,
      contexts.map(({ current, description, endpoint, name }) => ({ name, current, endpoint, description })),
    );
  else if (quiet === true) for (const { name } of contexts) print(context, name);
  else
    print(
      context,
      formatTable(
        ['NAME', 'ENDPOINT', 'DESCRIPTION'],
        contexts.map(({ current, description, endpoint, name }) => [
          current ? `${name} *` : name,
          endpoint,
          description,
        ]),
      ),
    );
  return EXIT.ok;
};
