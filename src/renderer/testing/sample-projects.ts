import type { DockerContext, ProjectSummary } from '../../shared/stack/projects-contract.ts';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { foundSnapshot, platformSnapshot, unsupportedSnapshot } from './sample-platform.ts';
import { shopSnapshot } from './sample-shop.ts';

export const OPENED_PROJECT: ProjectSummary = {
  id: 'p-shop',
  name: 'shop',
  directory: '/home/lin/src/shop',
  kind: 'open',
  running: 6,
  total: 9,
  canOpen: true,
};

export const SAMPLE_PROJECTS: readonly ProjectSummary[] = [
  {
    id: 'workspace',
    name: 'skilldeck',
    directory: '/home/lin/Skilldeck',
    kind: 'workspace',
    running: 3,
    total: 3,
    canOpen: true,
  },
  OPENED_PROJECT,
  {
    id: 'p-platform',
    name: 'platform',
    directory: '/home/lin/src/platform/deploy/compose',
    kind: 'open',
    running: 44,
    total: 44,
    canOpen: true,
  },
  {
    id: 'p-lab',
    name: 'lab',
    directory: '/home/lin/src/lab',
    kind: 'open',
    running: 0,
    total: 0,
    canOpen: true,
  },
  {
    id: 'f-blog',
    name: 'blog',
    directory: '/srv/blog',
    kind: 'found',
    running: 2,
    total: 2,
    canOpen: true,
  },
  {
    id: 'f-old-ci',
    name: 'old-ci',
    directory: '/home/sam/ci',
    kind: 'found',
    running: 0,
    total: 1,
    canOpen: false,
  },
];

export const SAMPLE_CONTEXTS: readonly DockerContext[] = [
  {
    name: 'default',
    description: 'Current DOCKER_HOST based configuration',
    endpoint: 'unix:///var/run/docker.sock',
    current: true,
    fixed: false,
  },
  {
    name: 'rootless',
    description: 'Rootless mode',
    endpoint: 'unix:///run/user/1000/docker.sock',
    current: false,
    fixed: false,
  },
  {
    name: 'build-server',
    description: '',
    endpoint: 'ssh://lin@build.example.org',
    current: false,
    fixed: false,
  },
];

/** The stacks of the other projects, by id. */
export const sampleStacks = (now: number): Readonly<Record<string, StackSnapshot>> => ({
  'p-shop': shopSnapshot(now),
  'p-platform': platformSnapshot(now),
  'p-lab': unsupportedSnapshot(now),
  'f-blog': foundSnapshot(now),
});
