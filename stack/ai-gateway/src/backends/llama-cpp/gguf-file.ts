import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../gateway-error.ts';

export interface GgufFile {
  readonly path: string;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly stamp: string;
}

const MAGIC = 'GGUF';

/** Finds the model file and makes sure that it is one, before a child process is started for it. */
export async function findGgufFile(modelPath: string): Promise<GgufFile> {
  const file = await resolveFile(modelPath);
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new GatewayError(
      'model_file_missing',
      `The model file ${file} cannot be read (${error.code ?? 'unknown'}).`,
      {
        cause: error,
      },
    );
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const { size, mtimeMs, ino } = await handle.stat();
    if (bytesRead === 4 && buffer.toString('latin1') === MAGIC)
      return { path: file, bytes: size, stamp: `${file}:${ino}:${size}:${mtimeMs}` };
    throw new GatewayError(
      'model_file_invalid',
      `${file} is not a GGUF model file: it does not begin with "${MAGIC}".`,
      {
        hint: 'Choose a file that ends in .gguf; an interrupted download must be repeated.',
      },
    );
  } finally {
    await handle.close();
  }
}

async function resolveFile(modelPath: string): Promise<string> {
  try {
    if (!(await stat(modelPath)).isDirectory()) return modelPath;
    const first = (await readdir(modelPath)).filter((name) => name.endsWith('.gguf')).sort()[0];
    if (first !== undefined) return path.join(modelPath, first);
  } catch (error) {
    throw new GatewayError('model_file_missing', `There is no model file ${modelPath}.`, {
      hint: 'Choose a GGUF file, or use another model server.',
      cause: error,
    });
  }
  throw new GatewayError('model_file_missing', `The folder ${modelPath} holds no .gguf file.`, {
    hint: 'Put a GGUF model there, or set MODEL_PATH to the file itself.',
  });
}
