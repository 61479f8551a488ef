/**
 * Everything the demo model can say.
 *
 * An answer is one sentence of each stage, in this order, and then the end. The first of a stage is the likeliest, so
 * that temperature 0 always gives the same answer; a higher one mixes the others in.
 */
export const SCRIPT: readonly (readonly string[])[] = [
  [
    'I am the Skilldeck demo model: a small file of ready-made sentences, without any knowledge.',
    'Hello from the built-in demo! My words are prepared beforehand, and nothing in here understands a question.',
    'You have reached a tiny demo model. It says the same few things to everybody, whatever they ask.',
  ],
  [
    'What surrounds me is real, though: llama.cpp computed this answer and the gateway streamed it to you word by word.',
    'Still, your message took the true path: it waited for a free slot, the skills were applied, every step was logged.',
    'Its only purpose is to show that chat, streaming and logs work on this computer before a network is needed.',
  ],
  [
    '\n\nTo go on, pick a model that knows something: Ollama, if it runs on your machine; an OpenAI-compatible server, by its address; or a GGUF file of your own.',
    '\n\nFor answers worth reading, connect Ollama or another OpenAI-compatible service, or choose some GGUF from your disk. The chat offers all three.',
  ],
];
