import { EnableMacieCommand, GetMacieSessionCommand, UpdateAutomatedDiscoveryConfigurationCommand } from '@aws-sdk/client-macie2';
import rule from '../../../rules/macie/session-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'an account without Macie': {
      seed: async (world) => {
        await macie('ENABLED')(world.in('us-east-1'));
        return world.account;
      },
      fixed: async (world) => expect(await world.send(new GetMacieSessionCommand({}))).toMatchObject({ status: 'ENABLED' }),
      rolledBack: async (world) => {
        await expect(world.send(new GetMacieSessionCommand({}))).rejects.toThrow('Macie is not enabled');
        expect(await world.in('us-east-1').send(new GetMacieSessionCommand({}))).toMatchObject({ status: 'ENABLED' });
      },
    },
    'an account whose Macie is paused': {
      seed: macie('PAUSED'),
      rolledBack: async (world) => expect(await world.send(new GetMacieSessionCommand({}))).toMatchObject({ status: 'PAUSED' }),
    },
  },
  compliant: {
    'an account with Macie': { seed: macie('ENABLED') },
    'an account with Macie that looks for data': {
      seed: async (world) => {
        await macie('ENABLED')(world);
        await world.send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: 'ENABLED' }));
        return world.account;
      },
    },
  },
  missing: 'always there',
  unexercised: { 'iam:CreateServiceLinkedRole': 'AWS asks for it where Macie is enabled for the first time in the account.' },
});

function macie(status: 'ENABLED' | 'PAUSED') {
  return async (world: World): Promise<string> => {
    await world.send(new EnableMacieCommand({ status }));
    return world.account;
  };
}

describe('Macie', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });
  const seen = (status: string | Error, administrator?: object) => {
    const aws: Aws = {
      async send<Output>(command: AwsCommand<Output>) {
        if (!(command instanceof GetMacieSessionCommand)) return { administrator } as Output;
        if (status instanceof Error) throw status;
        return { status } as Output;
      },
    };
    return rule.inspect(resource, aws);
  };

  it.each([
    ['Enabled', '999988887777'],
    ['Paused', '999988887777'],
    ['Invited', null],
    ['Resigned', null],
  ])('is, where its relationship to an administrator is %s, managed by %s', async (relationshipStatus, administrator) => {
    const state = await seen('PAUSED', { accountId: '999988887777', relationshipStatus });
    expect(state).toEqual({ status: 'PAUSED', administrator });
    const plan = planOf(rule, resource, state, { parameters: {}, detectedBy: 'Macie.1', now: new Date(0) });
    expect('unfixable' in plan).toBe(administrator !== null);
  });

  it('is known to be off by the message alone, and a refusal is none', async () => {
    expect(await seen(refusal('AccessDeniedException', 'Macie is not enabled.'))).toEqual({ status: 'ABSENT' });
    expect(await seen(refusal('ResourceNotFoundException', 'No such session'))).toEqual({ status: 'ABSENT' });
    await expect(seen(refusal('AccessDeniedException', 'User is not authorized to perform: macie2:GetMacieSession'))).rejects.toThrow();
    await expect(seen(refusal('ValidationException', 'Macie is not enabled.'))).rejects.toThrow();
  });
});
