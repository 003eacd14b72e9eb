import { EnableSnapshotBlockPublicAccessCommand, GetSnapshotBlockPublicAccessStateCommand } from '@aws-sdk/client-ec2';
import rule from '../../../rules/ec2/snapshot-public-sharing-blocked';
import type { Aws } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'an account whose snapshots can be public': {
      seed: async (world) => {
        await block('block-all-sharing')(world.in('us-east-1'));
        return world.account;
      },
      fixed: async (world) => expect(await stateOf(world)).toBe('block-all-sharing'),
      rolledBack: async (world) => {
        expect(await stateOf(world)).toBe('unblocked');
        expect(await stateOf(world.in('us-east-1'))).toBe('block-all-sharing');
      },
    },
    'an account whose public snapshots stay public': {
      seed: block('block-new-sharing'),
      rolledBack: async (world) => expect(await stateOf(world)).toBe('block-new-sharing'),
    },
  },
  compliant: {
    'an account whose snapshots can not be public': { seed: block('block-all-sharing') },
    "AWS Config's own resource": {
      seed: async (world) => `arn:aws:ec2:${world.region}:${await block('block-all-sharing')(world)}:snapshot-block-public-access/1`,
    },
  },
  missing: 'always there',
});

function block(State: 'block-all-sharing' | 'block-new-sharing') {
  return async (world: World): Promise<string> => {
    await world.send(new EnableSnapshotBlockPublicAccessCommand({ State }));
    return world.account;
  };
}

const stateOf = async (world: World) => (await world.send(new GetSnapshotBlockPublicAccessStateCommand({}))).State;

it('leaves to a policy of the organization what that decides', async () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const context = { parameters: {}, detectedBy: 'EC2.182', now: new Date(0) };
  const seen = async (State: string) => {
    const aws = { send: async () => ({ State, ManagedBy: 'declarative-policy' }) } as unknown as Aws;
    return planOf(rule, resource, await rule.inspect(resource, aws), context);
  };
  expect(await seen('block-new-sharing')).toEqual({
    unfixable: 'A declarative policy of the organization sets block public access to block-new-sharing. Change it in that policy.',
    code: 'managed-by-policy',
  });
  expect(await seen('block-all-sharing')).toEqual([]);
});
