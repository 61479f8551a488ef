import { readdir, readFile } from 'node:fs/promises';

/** Process ids whose command line or environment names the folder. Linux. */
export async function processesOf(folder: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(
    ids.map(async (id) => {
      // It may end, or not be ours, meanwhile.
      const texts = await Promise.all(
        ['cmdline', 'environ'].map((name) => readFile(`/proc/${id}/${name}`, 'utf8').catch(() => '')),
      );
      return texts.some((text) => text.includes(folder)) ? [Number(id)] : [];
    }),
  );
  return found.flat();
}
