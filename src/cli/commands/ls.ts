import { type CommandRun, print, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../format/format-table.ts';
import { withEngine } from '../project/open-engine.ts';
import { optionsOf } from './options-of.ts';
import { unavailable } from './unavailable.ts';

/** Every compose project of the engine, whoever started it. */
export const run: CommandRun = async (context, input) => {
  const flags = optionsOf<{ all?: boolean; quiet?: boolean }>(input);
  const all = await withEngine(context, async (engine) => {
    if (engine.listProjects === undefined) throw unavailable('ls');
    return engine.listProjects(context.signal);
  });
  const projects = all
    .filter(({ running }) => flags.all === true || running > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = projects.map(({ configFiles, name, running, total }) => ({
    Name: name,
    Status: running === total ? `running(${running})` : `running(${running}), exited(${total - running})`,
    ConfigFiles: configFiles.join(','),
  }));
  if (context.globals.json === true) printJson(context, rows);
  else if (flags.quiet === true) for (const { Name } of rows) print(context, Name);
  else
    print(
      context,
      formatTable(
        ['NAME', 'STATUS', 'CONFIG FILES'],
        rows.map((row) => [row.Name, row.Status, row.ConfigFiles]),
      ),
    );
  return EXIT.ok;
};
