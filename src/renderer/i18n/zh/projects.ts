import type { projects as en } from '../en/projects.ts';
import type { Translation } from '../translation.ts';

export const projects: Translation<typeof en> = {
  switch: '项目 {{name}}：切换项目',
  open: '打开 Compose 项目…',
  show: '显示项目 {{name}}',
  listOpen: '已打开',
  listFound: '在引擎上发现',
  bundled: 'Skilldeck 自带',
  running: '{{running}} / {{total}}',
  nothingRuns: '未运行',
  close: '关闭 {{name}}（不会停止其容器）',
  openFound: '打开 {{name}} 的文件',
  found: {
    title: '仅通过标签识别',
    text: '该项目的容器正在此引擎上运行，但其文件尚未打开。打开后可查看配置、启动和修改。',
    gone: '标签所记录的位置已没有该项目的文件，因此只能查看和停止，无法启动。',
    open: '打开文件',
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
