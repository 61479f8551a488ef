import type { OperationKind } from '../../shared/stack/plan-view.ts';

export interface StepWords {
  readonly noun: string;
  readonly infinitive: string;
  readonly doing: string;
  readonly done: string;
}

const container = (infinitive: string, doing: string, done: string): StepWords => ({
  noun: 'container',
  infinitive,
  doing,
  done,
});

const WORDS: Readonly<Record<OperationKind, StepWords>> = {
  'create-network': { noun: 'network', infinitive: 'create', doing: 'creating', done: 'created' },
  'create-volume': { noun: 'volume', infinitive: 'create', doing: 'creating', done: 'created' },
  'pull-image': { noun: 'image of', infinitive: 'pull', doing: 'pulling', done: 'pulled' },
  'build-image': { noun: 'image of', infinitive: 'build', doing: 'building', done: 'built' },
  'create-container': container('create', 'creating', 'created'),
  'recreate-container': container('recreate', 'recreating', 'recreated'),
  'replace-container': container('replace', 'replacing', 'replaced'),
  'start-container': container('start', 'starting', 'started'),
  'wait-container': container('wait for', 'waiting', 'ready'),
  'stop-container': container('stop', 'stopping', 'stopped'),
  'kill-container': container('kill', 'killing', 'killed'),
  'pause-container': container('pause', 'pausing', 'paused'),
  'unpause-container': container('resume', 'resuming', 'resumed'),
  'remove-container': container('remove', 'removing', 'removed'),
  'remove-network': { noun: 'network', infinitive: 'remove', doing: 'removing', done: 'removed' },
  'remove-volume': { noun: 'volume', infinitive: 'remove', doing: 'removing', done: 'removed' },
  'remove-image': { noun: 'image', infinitive: 'remove', doing: 'removing', done: 'removed' },
};

export function stepWords(kind: OperationKind): StepWords {
  return WORDS[kind];
}
