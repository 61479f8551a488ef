import { findPortOwner, isPortFree } from './port-owner.ts';

/** This computer's ports, as the stack's pre-flight check asks for them. */
export const systemPorts = {
  isFree: isPortFree,
  owner: (port: number) => findPortOwner(port),
};
