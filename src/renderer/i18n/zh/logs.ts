import type { logs as en } from '../en/logs.ts';
import type { Translation } from '../translation.ts';

export const logs: Translation<typeof en> = {
  title: '日志',
  services: '服务',
  all: '全部服务',
  search: '在日志中查找',
  next: '下一个匹配项',
  previous: '上一个匹配项',
  noMatch: '没有匹配项',
  pause: '暂停',
  resume: '继续',
  clear: '清空',
  copyAll: '全部复制',
  copied: '已复制',
  toEnd: '跟随最新',
  dropped_one: '已跳过 {{count}} 行',
  dropped_other: '已跳过 {{count}} 行',
  droppedNote: '… 已跳过 {{count}} 行',
  request: '请求 {{id}}',
  clearRequest: '重新显示全部日志',
  output: '日志内容',
  mark: {
    started: '{{service}} 已启动',
    stopped: '{{service}} 已停止',
    recreated: '{{service}} 已重建',
    removed: '{{service}} 已移除',
  },
  state: {
    connecting: '连接中',
    streaming: '实时',
    waiting: '等待服务启动',
    ended: '已结束',
    paused: '已暂停',
  },
};
