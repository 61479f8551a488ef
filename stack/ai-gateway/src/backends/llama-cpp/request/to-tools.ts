import { isJsonObject, type JsonObject } from '../../../json.ts';
import { GrammarSize } from '../engine/grammar-size.ts';
import type { ChatAsk, Tool } from '../engine/inference-protocol.ts';
import { llamaCannot, printed } from './llama-unsupported.ts';
import { grammarOf } from './to-answer-format.ts';

/** It stands in a sentence that the model writes, without quotes and before a bracket. */
const NAME = /^[\p{L}\p{N}_.:/-]+$/u;

export type ToolWish = Pick<ChatAsk, 'tools' | 'toolUse' | 'maxCalls'>;

/** OpenAI's `tools`, `tool_choice` and `parallel_tool_calls`. */
export function toToolWish(fields: Readonly<JsonObject>): ToolWish {
  const { tool_choice: choice, parallel_tool_calls: parallel } = fields;
  const given = Array.isArray(fields.tools) ? fields.tools.filter(isJsonObject) : [];
  if (choice === 'none') return { tools: [], toolUse: 'auto' };
  // The model is told of all of them, and one grammar holds them all.
  const size = new GrammarSize();
  const tools = given.map((tool, index) => toTool(tool, index, size));
  const maxCalls = parallel === false ? { maxCalls: 1 } : {};
  if (choice === undefined || choice === null || choice === 'auto')
    return { tools, toolUse: 'auto', ...maxCalls };
  if (choice === 'required') {
    if (tools.length === 0) throw llamaCannot('call a tool, as none is given', 'tool_choice');
    return { tools, toolUse: 'required', ...maxCalls };
  }
  const wanted = isJsonObject(choice) && isJsonObject(choice.function) ? choice.function.name : undefined;
  if (wanted === undefined) throw llamaCannot('make this choice of tools', 'tool_choice');
  const named = tools.filter(({ name }) => name === wanted);
  if (named.length === 0)
    throw llamaCannot(`call the tool ${printed(wanted)}, which is not among the tools`, 'tool_choice');
  return { tools: named, toolUse: 'required', ...maxCalls };
}

function toTool(tool: JsonObject, index: number, size: GrammarSize): Tool {
  if (tool.type !== 'function' || !isJsonObject(tool.function))
    throw llamaCannot(`use a tool of the type ${printed(tool.type)}`, `tools.${index}.type`);
  const { name, description, parameters, strict } = tool.function;
  if (typeof name !== 'string' || !NAME.test(name))
    throw llamaCannot(`call a tool by the name ${printed(name)}`, `tools.${index}.function.name`);
  const param = `tools.${index}.function.parameters`;
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(isJsonObject(parameters)
      ? { params: grammarOf(parameters, param, { lenient: strict !== true, size }) }
      : {}),
  };
}
