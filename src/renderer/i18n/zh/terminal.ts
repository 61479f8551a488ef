import type { terminal as en } from '../en/terminal.ts';
import type { Translation } from '../translation.ts';

export const terminal: Translation<typeof en> = {
  title: '终端',
  tabs: '已打开的终端',
  open: '新建终端',
  openIn: '在 {{service}} 中打开终端',
  close: '关闭终端 {{title}}',
  exited: '终端已结束（退出码 {{code}}）。',
  ended: '终端已结束。',
  reopen: '重新打开',
  runInit: '运行 init.sh',
  runInitHint: '输入 {{command}} 并按回车',
  empty: { title: '还没有打开终端', text: '在运行中的服务里打开一个终端，切换到其他页面时它会保持运行。' },
  notRunning: {
    title: '没有正在运行的服务',
    text: '请先启动服务栈，再打开某个服务的终端。',
    start: '前往服务栈',
  },
  keys: 'Ctrl Shift C 复制 · Ctrl Shift V 粘贴',
};
