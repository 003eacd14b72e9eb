import rule from '../../../rules/elasticbeanstalk/environment-updates-managed';
import { describeRule } from '../../contract/describe-rule';
import { environmentWith, optionsOf, useEnvironments } from './environments';

useEnvironments();

const actions = 'aws:elasticbeanstalk:managedactions';
const level = `${actions}:platformupdate UpdateLevel`;
const ready = {
  'aws:elasticbeanstalk:healthreporting:system SystemType': 'enhanced',
  'aws:elasticbeanstalk:environment ServiceRole': 'aws-elasticbeanstalk-service-role',
};

describeRule(rule, {
  violations: {
    'an environment without managed updates': {
      seed: environmentWith(ready),
      configId: async () => 'e-aaaaaaaaa0',
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({
          ...ready,
          [`${actions} ManagedActionsEnabled`]: 'true',
          [`${actions} PreferredStartTime`]: 'Sun:03:00',
          [level]: 'minor',
        }),
      rolledBack: async (world) => expect(Object.keys(await optionsOf(world)).some((name) => name.startsWith(actions))).toBe(false),
    },
    'an environment whose owner has said when, and what the policy says otherwise, and turned it off': {
      seed: environmentWith({
        ...ready,
        [`${actions} ManagedActionsEnabled`]: 'false',
        [`${actions} PreferredStartTime`]: 'Tue:09:00',
        [level]: 'patch',
      }),
      parameters: { updateLevel: 'minor', preferredStartTime: 'Mon:04:30' },
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({ [`${actions} PreferredStartTime`]: 'Tue:09:00', [level]: 'minor' }),
      rolledBack: async (world) => expect(await optionsOf(world)).toMatchObject({ [`${actions} ManagedActionsEnabled`]: 'false' }),
    },
  },
  compliant: {
    'an environment with managed updates': { seed: environmentWith({ [`${actions} ManagedActionsEnabled`]: 'true' }) },
    'an environment with managed updates that is updating': {
      seed: environmentWith({ [`${actions} ManagedActionsEnabled`]: 'true' }, 'Updating'),
    },
  },
  obstacles: {
    'an environment that Elastic Beanstalk updates with the permissions of the caller': {
      seed: environmentWith(ready, 'Ready', ''),
      outcome: 'unfixable',
      reason: /has no operations role/,
    },
    'an environment that is updating': { seed: environmentWith(ready, 'Updating'), outcome: 'blocked', reason: /is Updating/ },
    'an environment that is terminating': { seed: environmentWith(ready, 'Terminating'), outcome: 'resource-not-found' },
    'an environment with basic health reporting': {
      seed: environmentWith({ ...ready, 'aws:elasticbeanstalk:healthreporting:system SystemType': 'basic' }),
      outcome: 'unfixable',
      reason: /enhanced health reporting/,
    },
    'an environment without a service role': {
      seed: environmentWith({ ...ready, 'aws:elasticbeanstalk:environment ServiceRole': '' }),
      outcome: 'unfixable',
      reason: /require a service role/,
    },
    'a time that is none': {
      seed: environmentWith(ready),
      parameters: { preferredStartTime: 'Sunday' },
      outcome: 'not-configured',
    },
  },
  missing: 'no-such-environment',
});
