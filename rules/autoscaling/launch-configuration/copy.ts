import {
  AutoScalingClient,
  type AutoScalingGroup,
  DeleteLaunchConfigurationCommand,
  type LaunchConfiguration,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type * as z from 'zod';
import { keptTags, tagsIn, withoutExempt } from '../../exempt-parts';
import { isObject, type JsonObject, sameJson } from '../../json';
import {
  type Aws,
  type Change,
  type ClientClass,
  defineRule,
  type Grant,
  notFound,
  type Obstacle,
  type Resource,
  type Rule,
  type Tags,
  type Targets,
} from '../../rule';
import { describeGroups, groupReading, groups } from '../group/describe';
import { CopyLaunchConfigurationCommand, withMembers } from './amended-copy';
import { type Content, configurationReading, contentOf, listConfigurations, readConfigurations } from './read';
import { launchConfiguration } from './resource';

type State = {
  readonly noncompliant: boolean;
  /** The names of the groups that use the launch configuration, sorted; `moved`: those that use its copy. */
  readonly groups: readonly string[];
  readonly moved: readonly string[];
  /** The tags of groups that use the launch configuration, if it is not compliant and they have any. */
  readonly tags?: Readonly<Record<string, Tags>>;
  /** The launch configuration that has the name of the copy. */
  readonly copy: 'absent' | 'foreign' | 'ready';
  /** Why the groups must not use a copy. */
  readonly hindrance?: Obstacle;
};

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'property' | 'detectedBy'>;

/** A reason not to move groups to a copy. */
interface Hindrance<Parameters> {
  readonly find: (groups: readonly string[], parameters: Parameters, aws: Aws, now: Date) => Promise<Obstacle | undefined>;
  readonly parameters: z.ZodType<Parameters>;
  readonly reading: Grant;
  readonly client: ClientClass;
}

export interface CopyOptions<Parameters> extends Words {
  /** The suffix of the name of the copy. */
  readonly suffix: string;
  readonly isNoncompliant: (configuration: LaunchConfiguration) => boolean;
  /** The members that a copy has without the misconfiguration. */
  readonly set: JsonObject;
  readonly hindrance?: Hindrance<Parameters>;
}

const configurations = 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:*:launchConfigurationName/*';

const changing: readonly Grant[] = [
  { actions: ['autoscaling:CreateLaunchConfiguration', 'autoscaling:DeleteLaunchConfiguration'], on: configurations },
  { actions: ['autoscaling:UpdateAutoScalingGroup'], on: groups },
  // The copy has the same instance profile as the original.
  {
    actions: ['iam:PassRole'],
    on: 'arn:{partition}:iam::{account}:role/*',
    condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
  },
];

const maxLength = 255;

/** A rule that moves groups to a fixed copy of their launch configuration, as a launch configuration cannot be changed. */
export function copyRule<Parameters = Record<string, never>>({
  suffix,
  isNoncompliant,
  set,
  hindrance,
  ...words
}: CopyOptions<Parameters>): Rule<State, Parameters> {
  const nameOfCopy = (name: string): string => `${name.slice(0, maxLength - suffix.length)}${suffix}`;

  return defineRule({
    ...words,
    risk: 'disruptive',
    reversible: 'partly',
    resource: launchConfiguration,
    marksOwnPart: true,
    permissions: {
      inspect: [configurationReading, groupReading, ...(hindrance ? [hindrance.reading] : [])],
      change: changing,
    },
    clients: [AutoScalingClient, ...(hindrance ? [hindrance.client] : [])],
    commands: [CopyLaunchConfigurationCommand, UpdateAutoScalingGroupCommand, DeleteLaunchConfigurationCommand],
    ...(hindrance && { parameters: hindrance.parameters }),

    async inspect({ id, arn }, aws, chosen: Parameters, now: Date): Promise<State | typeof notFound> {
      const name = nameOfCopy(id);
      const read = await readConfigurations([id, name], aws);
      const found = read.find(({ LaunchConfigurationARN }) => LaunchConfigurationARN === arn);
      if (!found) return notFound;
      const copy = read.find(({ LaunchConfigurationName }) => LaunchConfigurationName === name && name !== id);
      const quality = copy && isSame(contentOf(copy), withMembers(contentOf(found), set)) ? 'ready' : 'foreign';
      const all = await describeGroups(aws);
      const noncompliant = isNoncompliant(found);
      const reason = noncompliant ? await hindrance?.find(launching(all, id), chosen, aws, now) : undefined;
      return {
        noncompliant,
        groups: launching(all, id),
        moved: copy ? launching(all, name) : [],
        copy: copy ? quality : 'absent',
        ...(reason !== undefined && { hindrance: reason }),
        ...(noncompliant && tagsOf(all, id)),
      };
    },

    plan({ id, arn }, { noncompliant, groups: all, tags = {}, copy, hindrance: reason }, context) {
      if (!noncompliant) return [];
      if (all.length === 0) return [deleting(id)];
      const parts = all.map((name) => ({ name, ...keptTags(tags[name] ?? {}) }));
      const using = withoutExempt(parts, (group) => `the Auto Scaling group ${group.name}`, context).map((group) => group.name);
      if (using.length === 0) return [];
      if (reason !== undefined) return reason;
      const name = nameOfCopy(id);
      if (copy === 'foreign' || name === id) return nameTaken(name);
      return [
        ...(copy === 'ready' ? [] : [making(name, arn, set)]),
        ...using.map((group) => ({ do: moving(group, name), undo: moving(group, id) })),
        ...(using.length === all.length ? [deleting(id)] : []),
      ];
    },

    targets: (resource, { now }) => targetsOf(resource, nameOfCopy(resource.id), now),

    revertOwnPart({ id }, now, { before }) {
      const back = now.moved.filter((group) => before.groups.includes(group));
      const unused = back.length === now.moved.length && before.copy === 'absent' && now.copy === 'ready';
      return [
        ...back.map((group) => moving(group, id)),
        ...(unused ? [new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: nameOfCopy(id) })] : []),
      ];
    },

    list: (_, aws) => listConfigurations(aws),
  });
}

/** The launch configuration, its copy, and the groups that use either. */
function targetsOf({ id, arn }: Resource, copy: string, { groups: using, moved, copy: seen }: State): Targets {
  const own = [id, ...(seen === 'foreign' ? [] : [copy])];
  return {
    CreateLaunchConfiguration: { LaunchConfigurationName: copy, copyOf: arn },
    DeleteLaunchConfiguration: { LaunchConfigurationName: own },
    UpdateAutoScalingGroup: { AutoScalingGroupName: [...using, ...moved], LaunchConfigurationName: own },
  };
}

const nameTaken = (name: string): Obstacle => ({
  unfixable: `A launch configuration named ${name} exists with a different configuration. Delete it, or switch the groups manually.`,
  code: 'name-taken',
});

/** The names of the groups that use the launch configuration, sorted. */
const launching = (all: readonly AutoScalingGroup[], from: string): readonly string[] =>
  all
    .filter(({ LaunchConfigurationName }) => LaunchConfigurationName === from)
    .flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? [])
    .sort();

function tagsOf(all: readonly AutoScalingGroup[], from: string): Pick<State, 'tags'> {
  const tagged = all.flatMap(({ LaunchConfigurationName, AutoScalingGroupName = '', Tags = [] }) =>
    LaunchConfigurationName === from && Tags.length > 0 ? [[AutoScalingGroupName, tagsIn(Tags)] as const] : [],
  );
  return tagged.length > 0 ? { tags: Object.fromEntries(tagged) } : {};
}

/** AWS may have added defaults to the metadata options. */
function isSame({ MetadataOptions: seen, ...content }: Content, { MetadataOptions: made, ...expected }: Content): boolean {
  const options = isObject(made) ? Object.entries(made) : [];
  return sameJson(content, expected) && options.every(([option, value]) => isObject(seen) && seen[option] === value);
}

const making = (LaunchConfigurationName: string, copyOf: string, set: JsonObject): Change => ({
  do: new CopyLaunchConfigurationCommand({ LaunchConfigurationName, copyOf, set }),
  undo: new DeleteLaunchConfigurationCommand({ LaunchConfigurationName }),
});

const deleting = (LaunchConfigurationName: string): Change => ({
  do: new DeleteLaunchConfigurationCommand({ LaunchConfigurationName }),
  irreversible: 'A deleted launch configuration cannot be restored, and the groups could no longer switch back to it.',
});

const moving = (AutoScalingGroupName: string, LaunchConfigurationName: string) =>
  new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchConfigurationName });
