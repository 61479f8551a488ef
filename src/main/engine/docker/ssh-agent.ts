import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { CommandSocket } from './command-socket.ts';
import { type SshAddress, sshArguments } from './ssh-host.ts';

/** Signing in takes hundreds of milliseconds, so connections are kept for the next request. */
const MAX_FREE = 4;
const FREE_MS = 60_000;
/** Log streams, events and requests side by side; a server refuses more sign-ins at once than about that. */
const MAX_CONNECTIONS = 32;

/** HTTP through `ssh HOST docker system dial-stdio`: one process for each connection. */
export class SshAgent extends Agent {
  readonly #address: SshAddress;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(address: SshAddress, env: Readonly<Record<string, string | undefined>>) {
    super({ keepAlive: true, maxFreeSockets: MAX_FREE, maxSockets: MAX_CONNECTIONS, timeout: FREE_MS });
    this.#address = address;
    this.#env = env;
  }

  override createConnection(): Duplex {
    return new CommandSocket('ssh', sshArguments(this.#address), this.#env);
  }
}
