import {
  AutoScalingClient,
  CreateLaunchConfigurationCommand,
  DeleteLaunchConfigurationCommand,
  type LaunchConfiguration,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type * as z from 'zod';
import { isObject, sameJson } from '../../json';
import { type Aws, type Change, type ClientClass, defineRule, type Grant, notFound, type Rule } from '../../rule';
import { describeGroups, groupReading, groups } from '../group/describe';
import { type Content, configurationReading, contentOf, isConfidential, listConfigurations, readConfigurations } from './read';
import { launchConfiguration } from './resource';

type State = {
  readonly faulty: boolean;
  /** What a copy is made from; null where it is not to be written down. */
  readonly content: Content | null;
  /** The names of the groups that launch from it, sorted; and of those that launch from its copy. */
  readonly groups: readonly string[];
  readonly moved: readonly string[];
  /** The launch configuration with the name of the copy. */
  readonly copy: 'absent' | 'foreign' | 'ready';
  /** Why the groups are not to launch from a copy. */
  readonly hindrance?: string;
};

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'property' | 'detectedBy'>;

/** What may speak against a copy, for the groups that would launch from it. */
interface Hindrance<Parameters> {
  readonly find: (groups: readonly string[], parameters: Parameters, aws: Aws) => Promise<string | undefined>;
  readonly parameters: z.ZodType<Parameters>;
  readonly reading: Grant;
  readonly client: ClientClass;
}

export interface Mending<Parameters> extends Words {
  /** What the name of the copy ends with. */
  readonly suffix: string;
  readonly isFaulty: (configuration: LaunchConfiguration) => boolean;
  /** The content without the fault, all else as it was. */
  readonly mend: (content: Content) => Content;
  readonly hindrance?: Hindrance<Parameters>;
}

const configurations = 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:*:launchConfigurationName/*';
const longest = 255;

/** A rule that moves groups to a copy of their launch configuration without its fault: AWS changes none that is there. */
export function copyRule<Parameters = Record<string, never>>({
  suffix,
  isFaulty,
  mend,
  hindrance,
  ...words
}: Mending<Parameters>): Rule<State, Parameters> {
  const nameOfCopy = (name: string): string => `${name.slice(0, longest - suffix.length)}${suffix}`;

  return defineRule({
    ...words,
    risk: 'disruptive',
    reversible: 'partly',
    resource: launchConfiguration,
    permissions: {
      inspect: [configurationReading, groupReading, ...(hindrance ? [hindrance.reading] : [])],
      change: [
        { actions: ['autoscaling:CreateLaunchConfiguration', 'autoscaling:DeleteLaunchConfiguration'], on: configurations },
        { actions: ['autoscaling:UpdateAutoScalingGroup'], on: groups },
        // The copy hands the same role to its instances as the original.
        {
          actions: ['iam:PassRole'],
          on: 'arn:{partition}:iam::{account}:role/*',
          condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
        },
      ],
    },
    clients: [AutoScalingClient, ...(hindrance ? [hindrance.client] : [])],
    commands: [CreateLaunchConfigurationCommand, UpdateAutoScalingGroupCommand, DeleteLaunchConfigurationCommand],
    ...(hindrance && { parameters: hindrance.parameters }),

    async inspect({ id, arn }, aws, chosen: Parameters): Promise<State | typeof notFound> {
      const name = nameOfCopy(id);
      const read = await readConfigurations([id, name], aws);
      const found = read.find(({ LaunchConfigurationARN }) => LaunchConfigurationARN === arn);
      if (!found) return notFound;
      const content = contentOf(found);
      const copy = read.find(({ LaunchConfigurationName }) => LaunchConfigurationName === name && name !== id);
      const quality = copy && isSame(contentOf(copy), mend(content)) ? 'ready' : 'foreign';
      const all = await describeGroups(aws);
      const launching = (from: string) =>
        all
          .filter(({ LaunchConfigurationName }) => LaunchConfigurationName === from)
          .flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? [])
          .sort();
      const faulty = isFaulty(found);
      const reason = faulty ? await hindrance?.find(launching(id), chosen, aws) : undefined;
      return {
        faulty,
        content: isConfidential(content) ? null : content,
        groups: launching(id),
        moved: copy ? launching(name) : [],
        copy: copy ? quality : 'absent',
        ...(reason !== undefined && { hindrance: reason }),
      };
    },

    plan({ id }, { faulty, content, groups: launching, copy, hindrance: reason }) {
      if (!faulty) return [];
      const deletion: Change = {
        do: new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: id }),
        irreversible: 'Once deleted, it could only be made anew, and the groups would have nothing to go back to.',
      };
      if (launching.length === 0) return [deletion];
      if (reason !== undefined) return { unfixable: reason };
      if (content === null)
        return {
          unfixable:
            'The user data looks as if it held a password or a key, which a copy would write to the log. Keep it in Secrets Manager, and move the group to a launch template.',
        };
      const name = nameOfCopy(id);
      if (copy === 'foreign' || name === id)
        return {
          unfixable: `There is a launch configuration ${name} which is not a copy as this rule makes it, so it is not used. Delete it, or move the groups by hand.`,
        };
      const making: Change = {
        do: new CreateLaunchConfigurationCommand({ LaunchConfigurationName: name, ...mend(content) }),
        undo: new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: name }),
      };
      return [
        ...(copy === 'ready' ? [] : [making]),
        ...launching.map((group) => ({ do: moving(group, name), undo: moving(group, id) })),
        deletion,
      ];
    },

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

/** AWS may have added defaults to the metadata options that it was given. */
function isSame({ MetadataOptions: seen, ...content }: Content, { MetadataOptions: made, ...expected }: Content): boolean {
  const options = isObject(made) ? Object.entries(made) : [];
  return sameJson(content, expected) && options.every(([option, value]) => isObject(seen) && seen[option] === value);
}

const moving = (AutoScalingGroupName: string, LaunchConfigurationName: string) =>
  new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchConfigurationName });
