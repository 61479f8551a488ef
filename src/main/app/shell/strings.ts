import type { StackState } from '../../../shared/stack/stack-snapshot.ts';

export type Language = 'en' | 'zh';

const en = {
  file: 'File',
  save: 'Save',
  openWorkspace: 'Open workspace folder',
  quit: 'Quit Skilldeck',
  edit: 'Edit',
  view: 'View',
  go: 'Go',
  stack: 'Stack',
  skills: 'Skills',
  chat: 'Chat',
  logs: 'Logs',
  terminal: 'Terminal',
  settings: 'Settings',
  palette: 'Search or run anything…',
  start: 'Start the stack',
  stop: 'Stop the stack',
  show: 'Show Skilldeck',
  help: 'Help',
  openLogs: 'Open log folder',
  crashTitle: 'The window stopped working',
  crashDetail: 'The stack goes on. Load the window again?',
  reload: 'Load again',
  startFailedTitle: 'Skilldeck cannot start',
  startFailed: {
    disk_full: 'The disk is full. Free some space and start again, or choose a workspace on another disk.',
    read_only: 'This cannot be written. Give yourself write access, or choose another workspace.',
    'workspace.invalid':
      'This cannot be used as the workspace. Plug its disk in again, or choose another folder.',
  },
  chooseFolder: 'Choose another folder…',
  state: {
    unknown: 'looking…',
    stopped: 'stopped',
    starting: 'starting…',
    running: 'running',
    degraded: 'running with problems',
    stopping: 'stopping…',
    failed: 'failed',
  } satisfies Record<StackState, string>,
};

const zh: typeof en = {
  file: '文件',
  save: '保存',
  openWorkspace: '打开工作区文件夹',
  quit: '退出 Skilldeck',
  edit: '编辑',
  view: '视图',
  go: '前往',
  stack: '服务栈',
  skills: '技能',
  chat: '对话',
  logs: '日志',
  terminal: '终端',
  settings: '设置',
  palette: '搜索或执行任意操作…',
  start: '启动服务栈',
  stop: '停止服务栈',
  show: '显示 Skilldeck',
  help: '帮助',
  openLogs: '打开日志文件夹',
  crashTitle: '窗口已停止工作',
  crashDetail: '服务栈仍在运行。要重新加载窗口吗？',
  reload: '重新加载',
  startFailedTitle: 'Skilldeck 无法启动',
  startFailed: {
    disk_full: '磁盘空间不足。请清理空间后重新启动，或选择其他磁盘上的工作区。',
    read_only: '无法写入。请获取写入权限，或选择其他工作区。',
    'workspace.invalid': '无法用作工作区。请重新连接该磁盘，或选择其他文件夹。',
  },
  chooseFolder: '选择其他文件夹…',
  state: {
    unknown: '正在检查…',
    stopped: '已停止',
    starting: '正在启动…',
    running: '运行中',
    degraded: '运行中，但有问题',
    stopping: '正在停止…',
    failed: '失败',
  },
};

const STRINGS: Readonly<Record<Language, typeof en>> = { en, zh };

/** Menu, tray and system dialogs; the window has its own, larger language files. */
export function strings(language: Language): typeof en {
  return STRINGS[language];
}
