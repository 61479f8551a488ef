import type { projects as en } from '../en/projects.ts';
import type { Translation } from '../translation.ts';

export const projects: Translation<typeof en> = {
  switch: '项目 {{name}}：切换项目',
  open: '打开 Compose 项目…',
  openFile: '打开 Compose 文件…',
  show: '显示项目 {{name}}',
  listOpen: '已打开',
  listFound: '在引擎上发现',
  bundled: 'Skilldeck 自带',
  running: '{{running}} / {{total}}',
  nothingRuns: '未运行',
  close: '关闭 {{name}}',
  closeHint: '仅从列表中移除，不会停止其容器',
  found: {
    short: '文件已不在原处',
    gone: '标签所记录的位置已没有该项目的文件，无法在此打开。',
    open: '打开其文件',
  },
  contexts: {
    label: '引擎：{{text}}。选择 Docker 上下文',
    title: 'Docker 上下文',
    fixed: '由 DOCKER_HOST 或 DOCKER_CONTEXT 指定，本次运行中无法切换。移除该环境变量后可在此选择。',
    fixedShort: '由环境变量指定',
    none: '未找到 Docker 上下文。',
    settings: '引擎设置…',
    retry: '重新连接引擎',
  },
};
