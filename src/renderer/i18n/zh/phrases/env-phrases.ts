import type { envPhrases as en } from '../../../../shared/errors/phrases/env-phrases.ts';
import type { Translation } from '../../translation.ts';

export const envPhrases: Translation<typeof en> = {
  env_no_name_after_export: '“export”之后应有名称',
  env_space_in_name: '名称中不能有空格',
  env_not_in_name: '名称中不能有 {{char}}，应写成 NAME=value',
  env_open_quote: '引号 {{quote}} 没有闭合',
  env_line_too_long: '该行过长',
  env_no_name: '应写成 NAME=value',
  env_too_long: '超过 {{count}} 个字符',
  env_no_variable: '“{{found}}”不是变量',
  env_variable_unset: '{{variable}} 未设置 {{text}}',
};
