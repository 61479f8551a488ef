import type { Project } from '../../compose/project.ts';
import type { ObservedState } from '../../plan/observed-state.ts';
import type { Operation } from '../../plan/operation.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { ApiContainer } from './api-types.ts';
import type { Connection } from './connect.ts';
import { DockerEngine } from './docker-engine.ts';
import {
  connectForTest,
  ensureTestImage,
  removeTestImage,
  sweepProject,
  TEST_IMAGE,
  type TestService,
  testNetwork,
  testProject,
} from './docker-test-bed.ts';

const NEVER = new AbortController().signal;

/** For `*.docker.test.ts` only: an engine, and projects that are swept away again. */
export class DockerTestSession {
  readonly engine = new DockerEngine();
  readonly connection: Connection;
  readonly #subnet: string;
  readonly #projects: string[] = [];

  static async open(subnet: string): Promise<DockerTestSession> {
    const session = new DockerTestSession(await connectForTest(), subnet);
    await ensureTestImage(session.connection);
    await session.engine.connect(NEVER);
    return session;
  }

  constructor(connection: Connection, subnet: string) {
    this.connection = connection;
    this.#subnet = subnet;
  }

  project(services: Readonly<Record<string, TestService>>, extra: Partial<Project> = {}): Project {
    const made = testProject(services, extra);
    this.#projects.push(made.name);
    return { ...made, networks: { default: testNetwork(made.name, this.#subnet), ...extra.networks } };
  }

  /** @returns all that was reported. */
  async apply(project: Project, ...operations: Operation[]): Promise<OperationProgress[]> {
    const reported: OperationProgress[] = [];
    for (const operation of operations)
      await this.engine.apply(operation, { project, signal: NEVER, report: (part) => reported.push(part) });
    return reported;
  }

  /** Makes the network, then creates and starts the services. */
  async up(project: Project, ...services: string[]): Promise<void> {
    await this.apply(project, { kind: 'create-network', network: 'default' });
    for (const service of services)
      await this.apply(
        project,
        { kind: 'create-container', service, number: 1 },
        { kind: 'start-container', service, number: 1 },
      );
  }

  observe(project: Project): Promise<ObservedState> {
    return this.engine.observe(project.name, [TEST_IMAGE], NEVER);
  }

  async idOf(project: Project, service = 'web'): Promise<string> {
    const { containers } = await this.observe(project);
    return containers.find((container) => container.service === service)?.id ?? '';
  }

  inspect(id: string): Promise<ApiContainer & { readonly HostConfig: Record<string, unknown> }> {
    return this.connection.api.json({ path: `/containers/${id}/json` });
  }

  /** What a command in a service's container writes, both streams. */
  async read(project: Project, service: string, ...command: string[]): Promise<string> {
    const id = await this.idOf(project, service);
    const session = await this.engine.exec(id, { command, tty: false, interactive: false }, NEVER);
    let text = '';
    for await (const { data } of session.output) text += Buffer.from(data).toString();
    return text;
  }

  async sweep(): Promise<void> {
    for (const name of this.#projects.splice(0)) await sweepProject(this.connection, name);
  }

  async close(): Promise<void> {
    await this.sweep();
    await removeTestImage(this.connection);
    this.connection.api.dispose();
    await this.engine.dispose();
  }
}
