import type { models as en } from '../en/models.ts';
import type { Translation } from '../translation.ts';

export const models: Translation<typeof en> = {
  title: '模型来源',
  intro: '网关会将所有对话发送到同一个来源，无论选择哪一种，技能的使用方式都相同。',
  use: '使用',
  using: '使用中',
  demo: {
    name: '演示模型',
    text: '内置的微型模型，由本机的 llama.cpp 运行。可以流式输出通顺的文字，但不具备任何知识，仅适合体验面板功能。',
  },
  ollama: {
    name: '本机的 Ollama',
    text: '使用 Ollama 中已有的模型。',
    find: '检测 Ollama',
    again: '重新检测',
    found: '已在 {{url}} 找到',
    none: 'Ollama 正在运行，但还没有模型。请使用 ollama pull 下载。',
    model: '模型',
    notFound: '未在本机找到 Ollama',
  },
  upstream: {
    name: 'OpenAI 兼容服务',
    text: 'vLLM、llama-server、LM Studio、Docker Model Runner 或云端服务。',
    address: '地址',
    key: 'API 密钥',
    keyHint: '保存在系统密钥链中。如果服务不需要密钥，请留空。',
    keyKept: '已保存密钥，留空则继续使用。',
    keySession: '当前系统没有密钥链，密钥仅保留到退出应用为止。',
    model: '模型',
    test: '测试连接',
    found_one: '已连接 · {{count}} 个模型',
    found_other: '已连接 · {{count}} 个模型',
    invalidAddress: '请输入以 http:// 或 https:// 开头的完整地址',
    anyModel: '由服务端决定',
  },
  gguf: {
    name: 'GGUF 文件',
    text: '使用自己的模型文件，由网关中的 llama.cpp 运行。',
    choose: '选择文件…',
  },
};
