import { AsyncIteratorClass } from '@orpc/client';

/** A generator as the client of the contract hands it out; ending it ends the generator. */
export function iterate<T>(source: AsyncGenerator<T, void, unknown>): AsyncIteratorClass<T, unknown, void> {
  return new AsyncIteratorClass<T, unknown, void>(
    () => source.next(),
    async (reason) => {
      if (reason !== 'next') await source.return();
    },
  );
}
