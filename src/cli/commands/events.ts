import { type CommandRun, print, printJsonLine } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { projectName } from '../project/observe-project.ts';
import { withEngine } from '../project/open-engine.ts';
import { unavailable } from './unavailable.ts';

/** Until Ctrl-C, or until nobody reads any more. */
export const run: CommandRun = async (context, input) => {
  const name = await projectName(context);
  await withEngine(context, async (engine) => {
    if (engine.events === undefined) throw unavailable('events');
    for await (const event of engine.events(name, context.signal)) {
      if (context.signal.aborted) return;
      if (input.args.length > 0 && !input.args.includes(event.service)) continue;
      const { action, at, attributes, containerId, detail, service } = event;
      const time = new Date(at).toISOString();
      if (context.globals.json === true)
        printJsonLine(context, {
          time,
          type: 'container',
          action,
          id: containerId,
          service,
          ...(detail === undefined ? {} : { detail }),
          attributes,
        });
      else {
        const words = detail === undefined ? action : `${action}: ${detail}`;
        print(context, `${time} container ${words} ${containerId.slice(0, 12)} (${service})`);
      }
    }
  });
  return context.signal.aborted ? EXIT.cancelled : EXIT.ok;
};
