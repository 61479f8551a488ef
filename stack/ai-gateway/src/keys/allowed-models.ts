import { GatewayError } from '../gateway-error.ts';
import type { Principal } from './principal.ts';

type Allowed = Pick<Principal, 'models'>;

export function mayAskFor({ models }: Allowed, model: string | undefined): boolean {
  return models === undefined || models.includes(model ?? '');
}

/** @throws GatewayError `model_not_found` */
export function requireModel(principal: Allowed, model: string | undefined): void {
  if (mayAskFor(principal, model)) return;
  const sentence = `This API key may not ask for "${(model ?? '').slice(0, 120)}".`;
  const hint = `It may ask for: ${(principal.models ?? []).slice(0, 20).join(', ')}.`;
  throw new GatewayError('model_not_found', sentence, { param: 'model', hint });
}
