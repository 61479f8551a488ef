import { type CommandRun, print, printJson, printJsonLine } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { containerRow, containerStatus, portTexts } from '../format/container-row.ts';
import { formatTable } from '../format/format-table.ts';
import { observeContainers, projectName } from '../project/observe-project.ts';
import { withEngine } from '../project/open-engine.ts';
import { optionsOf } from './options-of.ts';

interface PsFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly format?: 'table' | 'json';
}

export const run: CommandRun = async (context, input) => {
  const flags = optionsOf<PsFlags>(input);
  const name = await projectName(context);
  const found = await withEngine(context, (engine) =>
    observeContainers(engine, name, input.args, context.signal),
  );
  const shown = found.filter(
    ({ state }) => flags.all === true || !['exited', 'dead', 'created'].includes(state),
  );
  const now = Date.now();
  const rows = shown.map((container) => containerRow(container, name, now));
  if (context.globals.json === true) printJson(context, rows);
  else if (flags.quiet === true) for (const { id } of shown) print(context, id);
  else if (flags.services === true)
    for (const service of new Set(shown.map((container) => container.service))) print(context, service);
  else if (flags.format === 'json') for (const row of rows) printJsonLine(context, row);
  else
    print(
      context,
      formatTable(
        ['NAME', 'IMAGE', 'SERVICE', 'STATUS', 'PORTS'],
        shown.map((container) => [
          container.name,
          container.imageRef,
          container.service,
          containerStatus(container, now),
          portTexts(container.ports),
        ]),
      ),
    );
  return EXIT.ok;
};
