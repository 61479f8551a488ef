/** How much of a thing one request may hold. All far beyond honest use; what they bound is memory and time. */
export const LIMITS = {
  messages: 10_000,
  partsPerMessage: 2000,
  tools: 512,
  toolName: 256,
  stops: 64,
  /** Prompts of a completion, inputs of an embedding: OpenAI's own bound. */
  inputs: 2048,
  tokensPerInput: 1_000_000,
  schemaDepth: 64,
  schemaNodes: 20_000,
  choices: 128,
  /** Choices to all prompts of a completion together. */
  answers: 4096,
} as const;
