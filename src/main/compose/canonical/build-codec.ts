import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type {
  BuildDefinition,
  DevelopDefinition,
  FileReference,
  HookDefinition,
  ServiceDefinition,
  WatchDefinition,
} from '../definition.ts';
import { describeFound, invalid } from '../located.ts';
import { compareKeys } from './byte-order.ts';
import { type Codec, type Fields, itemsOf, listOf, mapOf, oneOf, scalarOf, struct } from './codec.ts';
import { goText } from './go-numbers.ts';
import {
  command,
  environment,
  fileMode,
  flag,
  flagAsText,
  givenTexts,
  strictFlag,
  text,
  textMap,
  textMatching,
  textOrTexts,
  texts,
  wholeBytes,
  wholeOf,
} from './scalar-codecs.ts';

/** `host=address`, sorted; read from that, from `host:address` and from a map of one address or several. */
export const extraHosts: Codec<readonly string[]> = {
  read: (node) => {
    const hosts: string[] = [];
    const add = (host: string, address: string) => {
      if (host === '' || address === '')
        throw invalid(node.at, phrase('host_address'), verbatim(`${host}=${address}`));
      hosts.push(`${host}=${address.replace(/^\[(.*)\]$/, '$1')}`);
    };
    if (node.kind === 'map')
      for (const [host, value] of node.entries)
        for (const address of value.kind === 'list' ? value.items : [value])
          add(host, goText(scalarOf(address, phrase('address'))));
    else
      for (const item of itemsOf(node)) {
        const entry = goText(scalarOf(item, phrase('host_address')));
        const [, host = '', address = ''] = /^([^=:]+)[=:](.*)$/s.exec(entry) ?? [];
        add(host, address);
      }
    return hosts.length === 0 ? undefined : hosts.sort(compareKeys);
  },
};

/** One number for both limits, or a pair. */
export const ulimits: Codec<NonNullable<ServiceDefinition['ulimits']>> = mapOf({
  read: (node) => {
    if (node.kind !== 'map') return wholeOf(node, phrase('whole_number_or_soft_hard')) || {};
    return struct<{ readonly soft?: number; readonly hard?: number }>(
      {
        soft: { read: (value) => wholeOf(value) || undefined },
        hard: { read: (value) => wholeOf(value) || undefined },
      },
      { required: ['soft', 'hard'] },
    ).read(node);
  },
});

const FILE_REFERENCE: Fields<FileReference> = {
  source: text,
  target: text,
  uid: text,
  gid: text,
  mode: fileMode,
};
export const fileReferences: Codec<readonly FileReference[]> = listOf(struct(FILE_REFERENCE));

/** `id` or `id=path`, whether a list or a map says it. */
const ssh: Codec<readonly string[]> = {
  read: (node) => {
    if (node.kind !== 'map') return texts.read(node);
    const keys = [...node.entries].map(([id, value]) => {
      const path = value.kind === 'scalar' ? goText(value) : '';
      return path === '' ? id : `${id}=${path}`;
    });
    return keys.length === 0 ? undefined : keys;
  },
};

const BUILD: Fields<BuildDefinition> = {
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: givenTexts,
  provenance: flagAsText,
  sbom: flagAsText,
  ssh,
  labels: textMap,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  additional_contexts: textMap,
  pull: flag,
  extra_hosts: extraHosts,
  isolation: text,
  network: text,
  target: text,
  secrets: fileReferences,
  shm_size: wholeBytes,
  tags: texts,
  ulimits,
  platforms: texts,
  privileged: flag,
};
export const build = struct(BUILD);

const HOOK: Fields<HookDefinition> = {
  command: {
    read: (node) => {
      const words = command.read(node);
      if (words === null || words === undefined)
        throw invalid(node.at, phrase('command'), describeFound(node));
      return words;
    },
  },
  user: text,
  privileged: flag,
  working_dir: text,
  environment,
};
export const hook = struct(HOOK, { required: ['command'] });

const WATCH: Fields<WatchDefinition> = {
  path: textMatching(/./s, phrase('path')),
  action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
  target: text,
  exec: { read: hook.read, absent: { command: null } },
  include: textOrTexts,
  ignore: textOrTexts,
  initial_sync: { read: (node) => strictFlag.read(node) || undefined },
};
const watchRule = struct(WATCH, { required: ['path', 'action'] });

const watch: Codec<readonly WatchDefinition[]> = listOf({
  read: (node) => {
    const rule = watchRule.read(node);
    if (rule?.target === undefined && rule?.action !== 'rebuild' && rule?.action !== 'restart')
      throw invalid(node.at, phrase('target_for', { action: rule?.action ?? '' }), phrase('none'));
    return rule;
  },
});
export const develop = struct<DevelopDefinition>({ watch }, { nullable: true });
