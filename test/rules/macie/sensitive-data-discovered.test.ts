import {
  EnableMacieCommand,
  GetAutomatedDiscoveryConfigurationCommand,
  UpdateAutomatedDiscoveryConfigurationCommand,
} from '@aws-sdk/client-macie2';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/macie/sensitive-data-discovered';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'an account whose Macie looks for nothing': {
      seed: macie('ENABLED', 'DISABLED'),
      fixed: async (world) => expect(await discoveryOf(world)).toBe('ENABLED'),
      rolledBack: async (world) => expect(await discoveryOf(world)).toBe('DISABLED'),
    },
  },
  compliant: { 'an account whose Macie looks for data': { seed: macie('ENABLED', 'ENABLED') } },
  obstacles: {
    'an account without Macie': { seed: async ({ account }) => account, outcome: 'unfixable', reason: /not enabled.*Fix Macie.1 first/ },
    'an account whose Macie is paused': { seed: macie('PAUSED', 'DISABLED'), outcome: 'unfixable', reason: /paused.*Fix Macie.1 first/ },
  },
  missing: 'always there',
});

function macie(session: 'ENABLED' | 'PAUSED', discovery: 'ENABLED' | 'DISABLED') {
  return async (world: World): Promise<string> => {
    await world.send(new EnableMacieCommand({ status: session }));
    await world.send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: discovery }));
    return world.account;
  };
}

const discoveryOf = async (world: World) => (await world.send(new GetAutomatedDiscoveryConfigurationCommand({}))).status;

describe('in an organization, it', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const planFor = async (administrator: object | undefined) => {
    const asked: string[] = [];
    const aws: Aws = {
      async send<Output>({ constructor: { name } }: AwsCommand<Output>) {
        asked.push(name);
        if (name === 'GetMacieSessionCommand') return { status: 'ENABLED' } as Output;
        if (name === 'GetAdministratorAccountCommand') return { administrator } as Output;
        return { status: 'DISABLED', autoEnableOrganizationMembers: 'NEW' } as Output;
      },
    };
    const state = await rule.inspect(resource, aws);
    return { plan: planOf(rule, resource, state, { parameters: {}, detectedBy: 'Macie.2', now: new Date(0) }), asked };
  };

  it('keeps for which members it is turned on', async () => {
    const { plan } = await planFor(undefined);
    expect(isChanges(plan) && plan).toMatchObject([
      {
        do: { input: { status: 'ENABLED', autoEnableOrganizationMembers: 'NEW' } },
        undo: { input: { status: 'DISABLED', autoEnableOrganizationMembers: 'NEW' } },
      },
    ]);
  });

  it('is left to the administrator', async () => {
    const { plan, asked } = await planFor({ accountId: '999988887777', relationshipStatus: 'Enabled' });
    expect(plan).toMatchObject({ unfixable: expect.stringContaining('account 999988887777 manages Macie') });
    expect(asked).toEqual(['GetMacieSessionCommand', 'GetAdministratorAccountCommand']);
  });
});
