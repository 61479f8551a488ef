import type { ChatHistoryItem, ChatModelResponse } from 'node-llama-cpp';
import type { WorkerMessage } from './inference-protocol.ts';

type Open = { type: 'model'; response: ChatModelResponse['response'] };

/**
 * The messages as node-llama-cpp keeps them: what tools said belongs to the calls of the model's own turn.
 *
 * The last item is always a model turn, into which the answer is written: a new one, or the one that goes on after its
 * tools have answered or that the caller has begun.
 */
export function toHistory(messages: readonly WorkerMessage[]): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = [];
  let turn: Open | undefined;
  /** Where the calls of this turn stand in it. */
  const places = new Map<string, number>();
  const add = (item: ChatHistoryItem): void => {
    turn = undefined;
    places.clear();
    history.push(item);
  };
  const open = (): Open => {
    if (turn === undefined) {
      turn = { type: 'model', response: [] };
      history.push(turn);
    }
    return turn;
  };
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'user':
        add({ type: message.role, text: message.text });
        break;
      case 'assistant': {
        // Two answers in a row are two turns, unless tools have spoken between them.
        if (places.size === 0) turn = undefined;
        const { response } = open();
        if (message.text !== '') response.push(message.text);
        for (const [index, { id, name, params }] of message.calls.entries()) {
          places.set(id, response.length);
          response.push({
            type: 'functionCall',
            name,
            params,
            result: undefined,
            startsNewChunk: index === 0,
          });
        }
        break;
      }
      case 'tool': {
        const place = places.get(message.callId);
        const call = place === undefined ? undefined : turn?.response[place];
        if (typeof call === 'object' && call.type === 'functionCall') call.result = parsed(message.text);
        // Nobody asked for it: the call was left out of the messages.
        else add({ type: 'user', text: `Result of the tool:\n${message.text}` });
        break;
      }
    }
  }
  if (history.at(-1)?.type !== 'model') open();
  return history;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
