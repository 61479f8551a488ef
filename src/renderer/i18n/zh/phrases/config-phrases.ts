import type { configPhrases as en } from '../../../../shared/errors/phrases/config-phrases.ts';
import type { Translation } from '../../translation.ts';

export const configPhrases: Translation<typeof en> = {
  config_unreadable: '无法读取配置 {{file}}（{{code}}）。',
  config_not_json: '{{file}} 第 {{line}} 行：从第 {{column}} 列起不是 JSON。',
  config_unknown_setting: '{{file}}：“{{setting}}”不是网关的设置项，请删除或改正拼写。',
  config_wrong_value: '{{place}}应为{{expected}}，但现在是 {{found}}。',
  config_missing_value: '{{place}}应为{{expected}}，但缺少该项。',
  config_name_twice: '{{file}}：有两个后端都叫“{{name}}”，名称不能重复。',
  config_two_sentences: '{{first}}{{rest}}',
  config_in_file: '{{file}}：“{{setting}}”',
  config_in_environment: '环境变量 {{setting}} ',
  config_text: '带引号的文本',
  config_object: '花括号中的对象',
  config_true_or_false: ' true 或 false',
  config_one_of: ' {{values}} 之一',
  config_at_least: '不小于 {{limit}} 的值',
  config_at_most: '不大于 {{limit}} 的值',
  config_not_empty: '非空文本',
  config_address: ' http 或 https 地址',
  config_bare_address: '不含用户名和密码的地址（密钥请在 apiKeySecret 中指定名称）',
  config_like: '形如 {{pattern}} 的文本',
  config_valid: '有效值（{{message}}）',
};
