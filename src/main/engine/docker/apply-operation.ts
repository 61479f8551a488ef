import { assertNever } from '../../../shared/assert-never.ts';
import type { Operation } from '../../plan/operation.ts';
import type { OperationContext } from '../stack-engine.ts';
import type { Connection } from './connect.ts';
import { createContainer } from './container-create.ts';
import { readLastLines } from './container-logs.ts';
import { type InstanceRef, serviceOf } from './container-lookup.ts';
import { recreateContainer, startContainer, stopContainer } from './container-operations.ts';
import { removeContainer } from './container-remove.ts';
import { replaceContainer } from './container-replace.ts';
import { killContainer, pauseContainer, removeImage, unpauseContainer } from './container-signals.ts';
import { waitForContainer } from './container-wait.ts';
import { applyBuild, applyPull } from './image-steps.ts';
import { createNetwork, removeNetwork } from './network-operations.ts';
import { createVolume, removeVolume } from './volume-operations.ts';

/** Which function does which operation; all of them reject with what the engine said. */
export function applyOperation(
  connection: Connection,
  operation: Operation,
  context: OperationContext,
): Promise<void> {
  const { api } = connection;
  const { project, signal, report } = context;
  const ref = (target: { readonly service: string; readonly number: number }): InstanceRef => ({
    project,
    service: serviceOf(project, target.service),
    number: target.number,
  });
  const grace = (target: { readonly timeoutMs?: number }) =>
    target.timeoutMs === undefined ? {} : { timeoutMs: target.timeoutMs };
  switch (operation.kind) {
    case 'create-network':
      return createNetwork(connection, project, operation.network, context);
    case 'create-volume':
      return createVolume(api, project, operation.volume, context);
    case 'pull-image':
      return applyPull(connection, operation, context);
    case 'build-image':
      return applyBuild(connection, operation, context);
    case 'create-container':
      return createContainer(connection, ref(operation), context);
    case 'recreate-container': {
      const { containerId } = operation;
      return recreateContainer(connection, { ...ref(operation), containerId, ...grace(operation) }, context);
    }
    case 'replace-container':
      return replaceContainer(connection, ref(operation), operation, context);
    case 'start-container':
      return startContainer(connection, ref(operation), context);
    case 'wait-container':
      return waitForContainer(api, {
        ref: ref(operation),
        until: operation.until,
        signal,
        report,
        readLastLines: (id) => readLastLines(api, id, signal),
      });
    case 'stop-container': {
      const { containerId } = operation;
      const service = project.services[operation.service];
      const target = { containerId, ...(service ? { ref: { service } } : {}), ...grace(operation) };
      return stopContainer(connection, target, context);
    }
    case 'kill-container':
      return killContainer(connection, operation.containerId, operation.signal, signal);
    case 'pause-container':
      return pauseContainer(connection, operation.containerId, signal);
    case 'unpause-container':
      return unpauseContainer(connection, operation.containerId, signal);
    case 'remove-container':
      return removeContainer(connection, operation.containerId, signal, operation.volumes ? 'all' : 'none');
    case 'remove-network':
      return removeNetwork(api, operation.networkId, operation.network, context);
    case 'remove-volume':
      return removeVolume(api, project.volumes[operation.volume]?.name ?? operation.volume, context);
    case 'remove-image':
      return removeImage(connection, operation.image, context);
    default:
      return assertNever(operation);
  }
}
