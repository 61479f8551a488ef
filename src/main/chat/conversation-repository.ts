import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { chatMessageSchema } from '../../shared/chat/chat-contract.ts';
import type { Logger } from '../lifetime/logger.ts';
import { diskFault } from '../workspace/disk-fault.ts';

export const conversationSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  title: z.string(),
  updatedAt: z.number(),
  messages: z.array(chatMessageSchema),
});
export type StoredConversation = z.output<typeof conversationSchema>;

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Conversations as one JSON file each. Ids are made here in main; a path never comes from the window. */
export class ConversationRepository {
  readonly #directory: string;
  readonly #logger: Logger;

  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  /** All that can be read. A damaged file is set aside and reported, the others are there. */
  async readAll(): Promise<StoredConversation[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const found: StoredConversation[] = [];
    for (const name of names.filter((file) => file.endsWith('.json'))) {
      const conversation = await this.#read(path.join(this.#directory, name));
      if (conversation !== undefined) found.push(conversation);
    }
    return found;
  }

  /** @throws AppError `disk_full`, `read_only` … */
  async write(conversation: StoredConversation): Promise<void> {
    const file = this.#file(conversation.id);
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFileAtomic(file, JSON.stringify(conversation), { mode: 0o600 });
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
  }

  async #read(file: string): Promise<StoredConversation | undefined> {
    try {
      if ((await stat(file)).size > MAX_FILE_BYTES) throw new Error('the file is too large');
      return conversationSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      this.#logger.warn({ err: error, file }, 'a conversation could not be read and was set aside');
      await rename(file, `${file}.broken`).catch(() => {});
      return undefined;
    }
  }

  #file(id: string): string {
    return path.join(this.#directory, `${id}.json`);
  }
}
