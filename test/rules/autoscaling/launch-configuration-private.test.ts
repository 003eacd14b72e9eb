import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { contentOf } from '../../../rules/autoscaling/launch-configuration/read';
import rule from '../../../rules/autoscaling/launch-configuration-private';
import { describeRule } from '../../contract/describe-rule';
import { configurationOf, configurationWith, launchedFrom, newConfiguration, whole } from './launch-configuration/seed';

describeRule(rule, {
  violations: {
    'a group that launches instances with a public address': {
      seed: configurationWith({ ...whole, AssociatePublicIpAddress: true }),
      outcome: 'partly-fixed',
      async fixed(world) {
        expect(await launchedFrom(world)).toEqual({ web: 'web/v1-private' });
        const [before, copy] = [await configurationOf(world, 'web/v1'), await configurationOf(world, 'web/v1-private')];
        expect(copy && contentOf(copy)).toEqual({ ...(before && contentOf(before)), AssociatePublicIpAddress: false });
      },
      rolledBack: async (world) => expect(await launchedFrom(world)).toEqual({ web: 'web/v1' }),
    },
    'two groups, one of which somebody moves on before the rollback': {
      seed: configurationWith({ ...whole, AssociatePublicIpAddress: true }, ['web', 'api']),
      outcome: 'partly-fixed',
      async meanwhile(world) {
        await newConfiguration(world, { ...whole, LaunchConfigurationName: 'web/v2' });
        await world.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'api', LaunchConfigurationName: 'web/v2' }));
      },
      async rolledBack(world) {
        expect(await launchedFrom(world)).toEqual({ web: 'web/v1', api: 'web/v2' });
        expect(await configurationOf(world, 'web/v1-private')).toBeUndefined();
      },
    },
  },
  compliant: {
    'a launch configuration without public addresses': { seed: configurationWith(whole) },
    'a launch configuration that leaves it to the subnet': { seed: configurationWith({}) },
  },
  missing: 'no-such-configuration',
  unexercised: {
    'iam:PassRole': 'AWS asks for it where a launch configuration names a role; it is no call.',
  },
});
