import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  type CreateLaunchConfigurationCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
  type LaunchConfiguration,
} from '@aws-sdk/client-auto-scaling';
import type { World } from '../../../contract/scenario';
import { secret } from '../../../contract/secrets';

/** All that a launch configuration can hold, with neither fault. */
export const whole: Partial<CreateLaunchConfigurationCommandInput> = {
  KeyName: 'ops',
  SecurityGroups: ['sg-0a', 'sg-0b'],
  UserData: Buffer.from(`#!/bin/sh\nexport KEY=${secret}\n`).toString('base64'),
  BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } }],
  InstanceMonitoring: { Enabled: true },
  IamInstanceProfile: 'web',
  EbsOptimized: true,
  AssociatePublicIpAddress: false,
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
};

/** Makes a launch configuration, and groups of these names that launch from it; its ARN. */
export const configurationWith =
  (input: Partial<CreateLaunchConfigurationCommandInput>, groups: readonly string[] = ['web']) =>
  async (world: World): Promise<string> => {
    const name = 'web/v1';
    await newConfiguration(world, { LaunchConfigurationName: name, ...input });
    for (const AutoScalingGroupName of groups)
      await world.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName,
          LaunchConfigurationName: name,
          MinSize: 0,
          MaxSize: 2,
          AvailabilityZones: [`${world.region}a`],
        }),
      );
    return (await configurationOf(world, name))?.LaunchConfigurationARN ?? '';
  };

export async function newConfiguration(world: World, input: CreateLaunchConfigurationCommandInput): Promise<void> {
  await world.send(new CreateLaunchConfigurationCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', ...input }));
}

export async function configurationOf(world: World, name: string): Promise<LaunchConfiguration | undefined> {
  const answer = await world.send(new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }));
  return answer.LaunchConfigurations?.[0];
}

/** What each group launches from, by the name of the group. */
export async function launchedFrom(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const { AutoScalingGroups = [] } = await world.send(new DescribeAutoScalingGroupsCommand({}));
  return Object.fromEntries(AutoScalingGroups.map((group) => [group.AutoScalingGroupName, group.LaunchConfigurationName]));
}
