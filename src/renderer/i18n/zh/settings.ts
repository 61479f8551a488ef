import type { settings as en } from '../en/settings.ts';
import type { Translation } from '../translation.ts';

export const settings: Translation<typeof en> = {
  title: '设置',
  sections: { appearance: '外观', stack: '服务栈', workspace: '工作区', about: '关于' },
  language: { label: '语言', system: '跟随系统', en: 'English', zh: '中文' },
  theme: { label: '主题', system: '跟随系统', light: '浅色', dark: '深色' },
  engine: {
    label: '引擎',
    hint: '服务的运行方式。',
    auto: '自动',
    docker: 'Docker',
    sandbox: '沙箱',
    autoText: 'Docker 可用时使用 Docker，否则使用沙箱。',
    dockerText: '以容器运行，前端有 TLS 反向代理。',
    sandboxText: '以本机进程运行，不使用容器和反向代理。',
    now: '当前：{{text}}',
    version: '{{text}} {{version}}',
  },
  autoStart: { label: '自动启动沙箱', hint: '打开应用时自动启动服务栈。使用 Docker 时需手动启动。' },
  reviewPlan: { label: '启动前显示计划', hint: '启动前先列出将要创建的内容及原因，确认后再执行。' },
  closeToTray: { label: '关闭窗口后保留在托盘', hint: '关闭窗口后，应用和沙箱继续在后台运行。' },
  workspace: {
    label: '文件夹',
    hint: '存放 Compose 文件、技能、模型和证书，均为 docker compose 可识别的普通文件。',
    open: '打开',
    choose: '选择其他文件夹…',
    chooseHint: '选择后应用将重启。',
  },
  about: {
    version: '版本',
    electron: 'Electron',
    platform: '系统',
    build: '构建类型',
    packaged: '正式版',
    development: '开发版',
    logs: '打开应用日志文件夹',
  },
};
