import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type * as z from 'zod';
import { undefinedOn } from '../../absence';
import {
  type Aws,
  type AwsCommand,
  type Change,
  type ClientClass,
  type CommandClass,
  defineRule,
  type Grant,
  type Json,
  notFound,
  type Obstacle,
  type Resource,
  type Rule,
  type Targets,
  type Unfixable,
} from '../../rule';
import { listing } from '../service/list';
import { services } from '../service/resource';
import { listLatest } from './list';
import { familyOf, taskDefinition, taskDefinitions } from './resource';
import { type Amendment, ReviseTaskDefinitionCommand } from './revise';
import { readUse, type Use } from './use';

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'property' | 'detectedBy' | 'detectorParameters'>;

/** Other resources that a new revision needs, such as a log group, or the permissions of a role. */
export interface Surroundings<Misconfiguration extends Json, Around extends Json, Parameters> {
  readonly inspect: (resource: Resource, misconfiguration: Misconfiguration, aws: Aws, parameters: Parameters) => Promise<Around>;
  /** The missing changes, each with an undo. */
  readonly changes: (resource: Resource, around: Around, parameters: Parameters) => readonly Change[];
  /** What the commands of these changes name. */
  readonly targets: (resource: Resource) => Targets;
  readonly permissions: { readonly inspect: readonly Grant[]; readonly change: readonly Grant[] };
  readonly clients: readonly ClientClass[];
  readonly commands: readonly CommandClass[];
}

/** A misconfiguration of task definitions, and the amendment of a revision that fixes it. */
export interface Misconfiguration<Found extends Json, Around extends Json, Parameters> extends Words {
  readonly parameters?: z.ZodType<Parameters>;
  /** The misconfiguration of a revision, without the values of variables; undefined if there is none. */
  readonly misconfigurationOf: (definition: TaskDefinition) => Found | undefined;
  readonly amend: (resource: Resource, misconfiguration: Found, parameters: Parameters, around: Around | null) => Amendment | Unfixable;
  readonly around?: Surroundings<Found, Around, Parameters>;
}

/** A misconfigured revision. `latest`: the latest active revision; `ours`: whether this rule created it from the misconfigured one. */
type Found<Misconfiguration, Around> = {
  readonly misconfiguration: Misconfiguration;
  readonly latest: string;
  readonly ours: boolean;
  readonly around: Around | null;
} & { readonly [Key in keyof Use]: Use[Key] };

export type State<Misconfiguration, Around> = 'inactive' | 'sound' | Found<Misconfiguration, Around>;

/** A tag in addition to `posture:rule`: the number of the revision that a new one is based on. */
const copyTag = 'posture:copy-of';

const inspecting: readonly Grant[] = [
  // IAM offers no resource-level permission for these.
  { actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'], on: '*' },
  listing,
  { actions: ['ecs:DescribeServices'], on: services },
];

const changing: readonly Grant[] = [
  { actions: ['ecs:RegisterTaskDefinition'], on: taskDefinitions },
  {
    actions: ['ecs:TagResource'],
    on: taskDefinitions,
    condition: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
  },
  // The new revision has the same roles as the old one.
  {
    actions: ['iam:PassRole'],
    on: 'arn:{partition}:iam::{account}:role/*',
    condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  },
  { actions: ['ecs:UpdateService'], on: services },
  // IAM offers no resource-level permission for it.
  { actions: ['ecs:DeregisterTaskDefinition'], on: '*' },
];

const permissionsWith = (around: Surroundings<never, never, never>['permissions'] = { inspect: [], change: [] }) => ({
  inspect: [...inspecting, ...around.inspect],
  change: [...changing, ...around.change],
});

/**
 * A rule about task definitions. A revision cannot be changed, so the rule registers a fixed one and updates the services that run the
 * old one. The old revision stays active for a rollback, as the controls check only the latest.
 */
export const revisedRule = <Found extends Json, Around extends Json = null, Parameters = Record<string, never>>({
  misconfigurationOf,
  amend,
  around: surroundings,
  ...words
}: Misconfiguration<Found, Around, Parameters>): Rule<State<Found, Around>, Parameters> =>
  defineRule<State<Found, Around>, Parameters>({
    ...words,
    risk: 'disruptive',
    resource: taskDefinition,
    permissions: permissionsWith(surroundings?.permissions),
    clients: [ECSClient, ...(surroundings?.clients ?? [])],
    commands: [ReviseTaskDefinitionCommand, UpdateServiceCommand, DeregisterTaskDefinitionCommand, ...(surroundings?.commands ?? [])],
    // A deployment takes minutes: old tasks stop when the new ones are healthy.
    settle: 3600,

    async inspect(resource, aws, parameters: Parameters) {
      const newest = await read(familyOf(resource), aws);
      const isLatest = newest?.definition.taskDefinitionArn === resource.arn;
      const own = isLatest ? newest : await read(resource.arn, aws);
      if (!own) return notFound;
      if (own.definition.status !== 'ACTIVE') return 'inactive';
      const misconfiguration = misconfigurationOf(own.definition);
      if (misconfiguration === undefined) return 'sound';
      const latest = newest?.definition.taskDefinitionArn ?? resource.arn;
      const ours = !isLatest && newest?.tags[copyTag] === resource.id && newest.tags['posture:rule'] === words.id;
      const use = await readUse(resource.arn, ours ? latest : undefined, aws);
      const around = surroundings ? await surroundings.inspect(resource, misconfiguration, aws, parameters) : null;
      return { misconfiguration, latest, ours, around, ...use };
    },

    plan(resource, state, { parameters }) {
      if (typeof state === 'string') return [];
      const { misconfiguration, latest, ours, around, services: using } = state;
      const obstacle = obstacleTo(resource, state);
      if (obstacle) return obstacle;
      // The controls check only the latest revision.
      if (latest !== resource.arn && using.length === 0) return [];
      const amendment = amend(resource, misconfiguration, parameters, around);
      if ('unfixable' in amendment) return amendment;
      const family = familyOf(resource);
      return [
        ...(around === null || !surroundings ? [] : surroundings.changes(resource, around, parameters)),
        ...(ours ? [] : [{ do: revising(resource, amendment, words.id), undo: 'revert-own-part' as const }]),
        // Without a revision number, the family stands for its latest revision.
        ...using.map(({ service }) => ({ do: pointing(service, family), undo: pointing(service, resource.arn) })),
      ];
    },

    targets: (resource, { now }) => ({ ...targetsOf(resource, now), ...surroundings?.targets(resource) }),

    revertOwnPart(resource, now, { before, after, parameters }) {
      if (typeof now === 'string' || typeof before === 'string') return undefined;
      const theirs = new Set(before.services.map(({ service }) => service));
      // Others may copy the tags when they create the next revision.
      const isOurs = now.ours && typeof after !== 'string' && now.latest === after.latest;
      const isFree = isOurs && now.moved.every((service) => theirs.has(service));
      const isAlone = isFree || now.latest === resource.arn;
      return [
        ...(isOurs ? now.moved.filter((service) => theirs.has(service)).map((service) => pointing(service, resource.arn)) : []),
        ...(isFree && !before.ours ? [new DeregisterTaskDefinitionCommand({ taskDefinition: now.latest })] : []),
        // Later revisions of others may need the same resources.
        ...(isAlone && surroundings
          ? takingDown(before.around, now.around, (around) => surroundings.changes(resource, around, parameters))
          : []),
      ];
    },

    list: (_, aws) => listLatest(aws),
  });

/** The revision, the services that run it or that of this rule, and the latter. */
function targetsOf(resource: Resource, now: State<unknown, unknown>): Targets {
  const family = familyOf(resource);
  const { services: using, moved, ours, latest } = typeof now === 'string' ? unseen : now;
  return {
    RegisterTaskDefinition: { family, copyOf: resource.arn },
    UpdateService: [...using.map(({ service }) => service), ...moved].map((service) => ({
      ...serviceIn(service),
      taskDefinition: [family, resource.arn],
    })),
    DeregisterTaskDefinition: { taskDefinition: ours ? latest : [] },
  };
}

const unseen = { services: [], moved: [], ours: false, latest: '' } as const;

/** Why the services that run the revision cannot be updated to a new one. */
function obstacleTo(resource: Resource, { latest, ours, services: using, leaving }: Found<unknown, unknown>): Obstacle | undefined {
  const isSuperseded = latest !== resource.arn;
  if (isSuperseded && using.length === 0) {
    if (leaving.length === 0) return undefined;
    return {
      blocked: `${leaving.join(', ')} still has tasks of this revision until its deployment completes.`,
      code: 'deployment-in-progress',
    };
  }
  if (isSuperseded && !ours)
    return {
      unfixable: `The latest revision is ${latest}, and ${namesOf(using)} still run this one. Deploy them with the latest revision.`,
      code: 'revision-superseded',
    };
  const elsewhere = using.filter(({ controller }) => controller !== 'ECS');
  if (elsewhere.length === 0) return undefined;
  return {
    unfixable: `AWS CodeDeploy or another controller deploys ${namesOf(elsewhere)}, and only it can deploy a new revision. Register a fixed revision, and deploy it there.`,
    code: 'deployed-by-other-controller',
  };
}

/** The commands that remove what the rule created for the revision, the last first, as far as it still exists. */
function takingDown<Around>(
  before: Around | null,
  now: Around | null,
  changesFor: (around: Around) => readonly Change[],
): readonly AwsCommand[] {
  const inputsOf = (around: Around | null) =>
    (around === null ? [] : changesFor(around)).map((change) => ({ change, input: JSON.stringify(change.do.input) }));
  const missing = new Set(inputsOf(now).map(({ input }) => input));
  return inputsOf(before)
    .filter(({ input }) => !missing.has(input))
    .flatMap(({ change }) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []))
    .toReversed();
}

const revising = (resource: Resource, amendment: Amendment, rule: string) =>
  new ReviseTaskDefinitionCommand({
    family: familyOf(resource),
    copyOf: resource.arn,
    ...amendment,
    tags: { 'posture:rule': rule, [copyTag]: resource.id },
  });

const pointing = (service: string, taskDefinition: string) => new UpdateServiceCommand({ ...serviceIn(service), taskDefinition });

function serviceIn(arn: string): { readonly cluster: string; readonly service: string } {
  const [, cluster = '', service = ''] = arn.split('/');
  return { cluster, service };
}

const namesOf = (using: Use['services']): string => using.map(({ service }) => service).join(', ');

/** A revision, or the latest active one of a family; undefined if there is none. */
async function read(name: string, aws: Aws) {
  // ECS has no specific error for a task definition that does not exist.
  const answer = await undefinedOn(
    ['ClientException'],
    aws.send(new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] })),
  );
  if (!answer?.taskDefinition) return undefined;
  const tags: Readonly<Record<string, string>> = Object.fromEntries((answer.tags ?? []).map(({ key = '', value = '' }) => [key, value]));
  return { definition: answer.taskDefinition, tags };
}
