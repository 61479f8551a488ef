import type {
  Cause,
  PlanStepView,
  PlanView,
  ServiceChange,
  SettingChange,
} from '../../shared/stack/plan-view.ts';
import { stepWords } from '../progress/step-words.ts';
import { padEnd } from './format-table.ts';
import type { Colour, Paint } from './paint.ts';

const ACTION_COLOURS: Readonly<Record<ServiceChange['action'], Colour>> = {
  none: 'dim',
  create: 'green',
  start: 'green',
  restart: 'yellow',
  replace: 'yellow',
  scale: 'cyan',
  stop: 'red',
  remove: 'red',
};

const DOWNTIME: Readonly<Record<ServiceChange['downtime'], string>> = {
  none: '',
  short: 'short downtime',
  stopped: 'stops',
};

/** True when the plan would change anything. */
export function hasChanges(plan: PlanView): boolean {
  return plan.steps.length > 0;
}

/** A plan for people: what happens to each service and why, then the steps. */
export function formatPlan(plan: PlanView, paint: Paint): string {
  if (!hasChanges(plan)) return 'Nothing to do: everything is as the files say.';
  return [
    ...formatServices(plan.services ?? [], paint),
    ...formatDestroyed(plan, paint),
    paint('bold', 'Steps'),
    ...plan.steps.map((step, index) => formatStep(step, index, plan.steps.length)),
  ].join('\n');
}

function formatServices(services: readonly ServiceChange[], paint: Paint): string[] {
  if (services.length === 0) return [];
  const width = Math.max(...services.map(({ service }) => service.length));
  const lines = services.flatMap((change) => {
    const { action, causes, downtime, replicas, service } = change;
    const words = [
      action === 'none' ? 'unchanged' : action,
      replicas.from === replicas.to || action === 'none' ? '' : `${replicas.from} → ${replicas.to} instances`,
      DOWNTIME[downtime],
    ].filter((word) => word !== '');
    return [
      `  ${padEnd(service, width)}   ${paint(ACTION_COLOURS[action], words.join(', '))}`,
      ...(action === 'none' ? [] : causes.flatMap((cause) => formatCause(cause, paint))),
    ];
  });
  return [paint('bold', 'Services'), ...lines, ''];
}

function formatCause(cause: Cause, paint: Paint): string[] {
  return [
    `      ${paint('dim', cause.text)}`,
    ...(cause.changes ?? []).flatMap((change) =>
      formatChange(change, paint).map((line) => `        ${line}`),
    ),
  ];
}

/** As a diff; of a secret only that it differs. */
function formatChange({ from, path, secret, to }: SettingChange, paint: Paint): string[] {
  if (secret === true) return [paint('yellow', `~ ${path}: (secret, not shown)`)];
  return [
    ...(from === undefined ? [] : [paint('red', `- ${path}: ${oneLine(from)}`)]),
    ...(to === undefined ? [] : [paint('green', `+ ${path}: ${oneLine(to)}`)]),
  ];
}

function formatDestroyed(plan: PlanView, paint: Paint): string[] {
  const { images = [], volumes = [] } = plan.destroys ?? {};
  const lines = [
    ...volumes.map((name) => `  volume ${name}, with all that is in it`),
    ...images.map((name) => `  image ${name}`),
  ];
  return lines.length === 0 ? [] : [paint('red', 'Destroys'), ...lines, ''];
}

function formatStep(step: PlanStepView, index: number, count: number): string {
  const { noun, infinitive } = stepWords(step.kind);
  const number = String(index + 1).padStart(String(count).length);
  return `  ${number}. ${infinitive} ${noun} ${step.target}${instanceOf(step)} (${step.cause.text})`;
}

function instanceOf({ id, target }: PlanStepView): string {
  const number = /-(\d+)$/.exec(id)?.[1];
  return number === undefined || target.endsWith(number) ? '' : ` ${number}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll('\n', '\\n');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
