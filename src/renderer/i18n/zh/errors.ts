import type { errors as en } from '../en/errors.ts';
import type { Translation } from '../translation.ts';

export const errors: Translation<typeof en> = {
  internal: { title: 'Skilldeck 内部出错', hint: '请重试。如果再次出现，可在应用日志中查看详情。' },
  invalid_input: { title: '输入内容无效', hint: '请检查输入后重试。' },
  cancelled: { title: '已取消', hint: '没有留下未完成的操作，可随时重新开始。' },
  disk_full: {
    title: '磁盘空间不足',
    detail: '没有空间写入 {{path}}。',
    hint: '请清理空间后重试，原有文件未被覆盖。',
  },
  read_only: { title: '文件夹不可写', hint: '请检查工作区文件夹的权限，或在设置中选择其他工作区。' },
  'engine.not_installed': {
    title: '未安装 Docker',
    detail: '未在此计算机上找到容器引擎。',
    hint: '请安装 Docker Engine 或 Docker Desktop；也可以使用沙箱，无需容器即可运行同样的服务栈。',
  },
  'engine.not_running': {
    title: 'Docker 未运行',
    detail: '{{address}} 没有响应。',
    hint: '请打开 Docker Desktop，或运行“sudo systemctl start docker”后重试；也可以使用沙箱运行同样的服务栈。',
  },
  'engine.permission_denied': {
    title: '没有访问 Docker 的权限',
    detail: '当前用户无权使用 {{address}}。',
    hint: '在 Linux 上请运行“sudo usermod -aG docker $USER”并重新登录，或使用 rootless Docker。沙箱则完全不需要 Docker。',
  },
  'engine.too_old': {
    title: 'Docker 版本过低',
    detail: '当前为 Docker Engine {{version}}（API {{apiVersion}}）。',
    hint: '需要 Docker Engine 20.10 或更高版本。请升级 Docker，或使用沙箱。',
  },
  'engine.unreachable': { title: '容器引擎无响应', hint: 'Skilldeck 会持续重试，引擎恢复后自动继续。' },
  'engine.request_failed': { title: '容器引擎拒绝了请求', hint: '请根据详情排除问题后重试。' },
  'compose.invalid': {
    title: 'Compose 文件无效',
    detail: '{{fileName}} 第 {{line}} 行，{{path}}：应为：{{expected}}，实际为：{{found}}。',
    hint: '请修改该行并保存，Skilldeck 会自动重新读取。',
  },
  'compose.unknown_key': {
    title: 'Compose 文件中有不支持的配置项',
    detail: '{{fileName}} 第 {{line}} 行，{{path}}：配置项“{{found}}”。',
    hint: '请删除该配置项并保存。对于无法实现的配置，Skilldeck 会拒绝执行而不是忽略。',
  },
  'compose.dependency_cycle': {
    title: '服务之间存在循环依赖',
    hint: '请删除其中一个 depends_on 并保存。',
  },
  'compose.unsupported': {
    title: '项目中有 Skilldeck 无法实现的配置',
    detail: '{{place}}：{{reason}}',
    hint: '对于无法实现的配置，Skilldeck 会拒绝执行而不是忽略。请删除该配置，或使用 docker compose 启动此项目。',
  },
  'compose.file_missing': {
    title: '缺少项目所需的文件',
    detail: '{{path}} 不存在。',
    hint: '请恢复该文件，或从 Compose 文件中删除对它的引用，Skilldeck 会自动重新读取。',
  },
  'file.changed': {
    title: '文件已被其他程序修改',
    hint: '未写入任何内容。表单已显示文件的最新内容，请重新修改。',
  },
  'project.unknown': { title: '项目已关闭', hint: '请重新打开其 Compose 文件，或选择其他项目。' },
  'context.unknown': {
    title: '没有该 Docker 上下文',
    hint: '它可能已被删除或重命名，可运行“docker context ls”查看现有上下文。',
  },
  'update.rolled_back': {
    title: '更新失败，已恢复原状',
    title_service: '{{service}} 更新失败，已恢复原状',
    hint: '之前的版本已重新运行。新版本的最后几行输出说明了失败原因。',
  },
  'env.invalid': {
    title: '.env 文件有误',
    detail: '{{fileName}} 第 {{line}} 行：{{reason}}。',
    hint: '请修改该行并保存，Skilldeck 会自动重新读取。',
  },
  'config.invalid': {
    title: '网关的 config.json 有误',
    detail: '{{fileName}} 第 {{line}} 行：{{reason}}。',
    hint: '请修改并保存。运行中的网关会继续使用上一份有效配置，并在修正后自动生效。',
  },
  'config.invalid_variable': {
    title: '传给网关的环境变量有误',
    hint: '该变量在工作区的 .env 中设置，或在 compose.yaml 中为该服务设置。请修改，或删除以使用默认值，然后重新启动。',
  },
  'port.in_use': {
    title: '端口已被占用',
    detail: '{{service}} 需要端口 {{port}}。',
    hint: '请停止占用该端口的程序，或由 Skilldeck 改用下一个空闲端口。',
  },
  'subnet.in_use': {
    title: '网络地址段已被占用',
    hint: '请在工作区的 .env 中通过 SKILLDECK_SUBNET 设置其他地址段。',
  },
  'image.pull_failed': { title: '镜像拉取失败', hint: '请检查网络和代理设置，或使用镜像加速地址后重试。' },
  'image.build_failed': {
    title: '镜像构建失败',
    title_service: '{{service}} 的镜像构建失败',
    hint: '构建输出的最后几行说明了原因。下载失败通常意味着需要配置代理或镜像源。',
  },
  'service.start_failed': {
    title: '服务启动失败',
    title_service: '{{service}} 启动失败',
    hint: '请查看详情和该服务的日志。',
  },
  'service.exited': {
    title: '服务意外退出',
    title_service: '{{service}} 意外退出',
    detail: '退出代码 {{exitCode}}。',
    hint: '最后几行输出说明了原因，更多内容请查看日志。',
  },
  'service.unhealthy': {
    title: '服务已运行但健康检查未通过',
    title_service: '{{service}} 已运行但健康检查未通过',
    hint: '下方是健康检查的输出。可查看日志或重启该服务。',
  },
  'service.unknown': {
    title: '服务不存在',
    title_service: '服务 {{service}} 不存在',
    hint: 'Compose 文件中已没有该服务。',
  },
  'service.not_running': {
    title: '服务未运行',
    title_service: '{{service}} 未运行',
    hint: '请先启动服务栈。',
  },
  'operation.busy': { title: '有其他操作正在进行', hint: '请等待其完成，或先取消。' },
  'operation.unknown': { title: '该操作已结束', hint: '没有需要取消的内容。' },
  'stream.unknown': { title: '数据流已结束', hint: '请重新打开页面以重新连接。' },
  'skill.not_found': { title: '技能已不存在', hint: '该技能已在磁盘上被删除或重命名。' },
  'skill.exists': { title: '同名技能已存在', hint: '请换一个名称。' },
  'skill.invalid_name': {
    title: '技能名称无效',
    hint: '请使用 1–64 个小写字母、数字或单个连字符，例如“release-notes”。',
  },
  'skill.not_utf8': {
    title: '文件不是 UTF-8 编码',
    detail: '未打开“{{id}}”的 SKILL.md，以免损坏其内容。',
    hint: '请用其他编辑器转换为 UTF-8，Skilldeck 不会改动该文件。',
  },
  'skill.too_large': {
    title: '技能文件过大',
    detail: '“{{id}}”的 SKILL.md 超过 1 MB，未打开。',
    hint: '请将较长的内容移到 SKILL.md 旁的其他文件中。',
  },
  'skill.write_failed': {
    title: '技能保存失败',
    hint: '内容仍保留在编辑器中。请检查磁盘空间和权限后再次保存。',
  },
  'gateway.not_running': { title: '网关未运行', hint: '请先启动服务栈，然后重试。' },
  'gateway.unauthorized': {
    title: '网关拒绝了密钥',
    hint: '请重启服务栈，使网关与面板从 .env 读取同一密钥。',
  },
  'gateway.request_failed': { title: '网关未能响应', hint: '请查看网关日志了解原因。' },
  'gateway.queue_full': { title: '网关繁忙', hint: '并发与排队均已满，请稍后再试。' },
  'gateway.loading': { title: '模型正在加载', hint: '请稍候再试。' },
  'upstream.refused': { title: '模型服务无响应', hint: '请确认模型服务已运行且地址正确。' },
  'upstream.timeout': { title: '模型服务响应超时', hint: '请重试，或选择较小的模型。' },
  'upstream.cut': { title: '模型服务中途断开', hint: '已收到的内容已保留，重新提问可获取完整回答。' },
  'upstream.rejected': {
    title: '模型服务返回了错误',
    hint: '请检查地址、模型名称和密钥；更多信息请查看模型服务自己的日志。',
  },
  'model.not_gguf': {
    title: '不是 GGUF 模型文件',
    detail: '“{{name}}”是其他类型的文件，或者不完整。',
    hint: '请选择完整的 GGUF 文件，当前使用的模型保持不变。',
  },
  'model.not_found': { title: '模型不存在', hint: '请在设置中选择其他模型。' },
  'model.load_failed': {
    title: '模型加载失败',
    hint: '文件可能不完整，或内存不足。请选择其他模型。',
  },
  'chat.not_found': { title: '对话已不存在', hint: '请新建对话。' },
  'keychain.unavailable': {
    title: '系统密钥链不可用',
    hint: '密钥仅在本次运行期间保留。解锁或安装密钥链后即可长期保存。',
  },
  'workspace.invalid': { title: '该文件夹不能用作工作区', hint: '请选择当前用户拥有且可写的文件夹。' },
  'terminal.failed': { title: '无法打开终端', hint: '请确认服务正在运行后重试。' },
};
