import manifest from '../../../package.json' with { type: 'json' };
import { toAppError } from '../../shared/errors/app-error.ts';
import { type CommandRun, print, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { createEngine } from '../project/open-engine.ts';
import { optionsOf } from './options-of.ts';

export const run: CommandRun = async (context, input) => {
  const { short } = optionsOf<{ short?: boolean }>(input);
  if (short === true) {
    print(context, manifest.version);
    return EXIT.ok;
  }
  const engine = await createEngine(context);
  const found = await engine
    .connect(context.signal)
    .catch((error: unknown) => toAppError(error).toData())
    .finally(() => engine.dispose());
  if (context.globals.json === true)
    printJson(context, { version: manifest.version, node: process.version, engine: found });
  else {
    print(context, `Skilldeck ${manifest.version} (Node ${process.version})`);
    print(
      context,
      'code' in found
        ? `Engine: ${found.message}`
        : `Engine ${found.version}, API ${found.apiVersion ?? '?'} (context ${found.context})`,
    );
  }
  return EXIT.ok;
};
