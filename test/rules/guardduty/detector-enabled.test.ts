import {
  CreateDetectorCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { account } from '../../../rules/account';
import rule from '../../../rules/guardduty/detector-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'an account without GuardDuty': {
      seed: async (world) => world.account,
      fixed: async (world) => expect(await detectorsOf(world)).toMatchObject([{ Status: 'ENABLED', Tags: { 'posture:rule': rule.id } }]),
      rolledBack: async (world) => expect(await detectorsOf(world)).toEqual([]),
    },
    'an account where GuardDuty is suspended': {
      seed: detectorWith(false),
      fixed: async (world) => expect(await detectorsOf(world)).toMatchObject([{ Status: 'ENABLED', Tags: { team: 'red' } }]),
      rolledBack: async (world) => expect(await detectorsOf(world)).toMatchObject([{ Status: 'DISABLED' }]),
    },
    'an account with GuardDuty in another region alone': {
      seed: async (world) => detectorWith(true)(world.in('us-east-1')),
      rolledBack: async (world) => {
        expect(await detectorsOf(world)).toEqual([]);
        expect(await detectorsOf(world.in('us-east-1'))).toMatchObject([{ Status: 'ENABLED' }]);
      },
    },
    'an account where somebody suspends the new detector before the rollback': {
      seed: async (world) => world.account,
      meanwhile: async (world) => {
        const { DetectorIds: [DetectorId] = [] } = await world.send(new ListDetectorsCommand({}));
        await world.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
      },
      rolledBack: async (world) => expect(await detectorsOf(world)).toEqual([]),
    },
  },
  compliant: { 'an account with GuardDuty': { seed: detectorWith(true) } },
  missing: 'always there',
  unexercised: { 'iam:CreateServiceLinkedRole': 'AWS asks for it where a detector is the first of the account.' },
});

const resource = {
  type: account.type,
  id: '111122223333',
  arn: 'AWS::::Account:111122223333',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'GuardDuty.1', now: new Date(0) };

/** GuardDuty, suspended in an account whose administrator account is 999988887777. */
const suspended = (RelationshipStatus: string): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    if (command instanceof GetDetectorCommand) return { Status: 'DISABLED' } as Output;
    if (command instanceof GetAdministratorAccountCommand)
      return { Administrator: { AccountId: '999988887777', RelationshipStatus } } as Output;
    const { NextToken } = command.input as { NextToken?: string };
    return (NextToken === undefined ? { DetectorIds: ['b'], NextToken: 'more' } : { DetectorIds: ['a'] }) as Output;
  },
});

it.each(['Enabled', 'Disabled', 'ENABLED', ''])('leaves a suspended detector to the account that manages it, by %j', async (status) => {
  const state = await rule.inspect(resource, suspended(status));
  expect(state).toEqual({
    detectors: ['a', 'b'].map((id) => ({ id, enabled: false, own: false, administrator: '999988887777' })),
  });
  expect(planOf(rule, resource, state, context)).toEqual({
    unfixable: expect.stringContaining('account 999988887777 manages it'),
    code: 'managed-by-administrator',
  });
});

it.each(['Created', 'Invited', 'EmailVerificationInProgress', 'Removed', 'Resigned'])(
  'asks nobody who is to manage it, or was: %s',
  async (status) => {
    const state = await rule.inspect(resource, suspended(status));
    expect(planOf(rule, resource, state, context)).toMatchObject([{ do: { input: { DetectorId: 'a', Enable: true } } }]);
  },
);

it('takes back no detector of others, and none from before', () => {
  const seen = { enabled: true, own: true, administrator: null };
  const detectors = [
    { ...seen, id: 'old' },
    { ...seen, id: 'theirs', own: false },
    { ...seen, id: 'new' },
  ];
  const before = { detectors: [{ ...seen, id: 'old', enabled: false }] };
  const commands = rule.revertOwnPart?.(resource, { detectors }, { before, after: { detectors }, parameters: {} });
  expect(commands?.map(({ input }) => input)).toEqual([{ DetectorId: 'new' }]);
});

function detectorWith(Enable: boolean) {
  return async (world: World): Promise<string> => {
    await world.send(new CreateDetectorCommand({ Enable, Tags: { team: 'red' } }));
    return world.account;
  };
}

async function detectorsOf(world: World) {
  const { DetectorIds = [] } = await world.send(new ListDetectorsCommand({}));
  return Promise.all(DetectorIds.map((DetectorId) => world.send(new GetDetectorCommand({ DetectorId }))));
}
