import { GatewayError } from '../../../gateway-error.ts';

/** What llama.cpp or its binding cannot do, refused by name and before the first byte. */
export function llamaCannot(what: string, param: string): GatewayError {
  return new GatewayError('unsupported', `The llama.cpp backend cannot ${what}.`, {
    param: param.slice(0, 200),
  });
}

/** What was given instead of a name, for a sentence. Not every object can be made a text of. */
export function printed(given: unknown): string {
  return (JSON.stringify(given) ?? 'nothing').slice(0, 100);
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that ask for something that cannot be given. Those that only advise (`user`, `store`, `metadata` …) are left out. */
export function refuseChatFields(fields: Fields): void {
  if (asks(fields.audio)) throw llamaCannot('speak', 'audio');
  if (Array.isArray(fields.modalities) && fields.modalities.some((one) => one !== 'text'))
    throw llamaCannot('answer in anything but text', 'modalities');
  if (asks(fields.web_search_options)) throw llamaCannot('search the web', 'web_search_options');
  if (asks(fields.functions) || asks(fields.function_call))
    throw llamaCannot('take the old "functions"; send "tools"', 'functions');
}

export function refuseCompletionFields({ best_of: tried }: Fields, choices: number): void {
  if (typeof tried === 'number' && tried > choices)
    throw llamaCannot('choose the best of several answers', 'best_of');
}

function asks(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
