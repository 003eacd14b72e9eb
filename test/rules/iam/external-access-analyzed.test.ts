import { CreateAnalyzerCommand, ListAnalyzersCommand } from '@aws-sdk/client-accessanalyzer';
import rule from '../../../rules/iam/external-access-analyzed';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

type Type = 'ACCOUNT' | 'ACCOUNT_UNUSED_ACCESS' | 'ORGANIZATION';

describeRule(rule, {
  violations: {
    'an account without an analyzer': {
      seed: async (world) => {
        await analyzer('theirs', 'ACCOUNT')(world.in('us-east-1'));
        return world.account;
      },
      fixed: async (world) => expect(await analyzersOf(world)).toEqual(['posture-external-access: ACCOUNT']),
      rolledBack: async (world) => {
        expect(await analyzersOf(world)).toEqual([]);
        expect(await analyzersOf(world.in('us-east-1'))).toEqual(['theirs: ACCOUNT']);
      },
    },
    'an account with an analyzer of unused access alone': {
      seed: analyzer('theirs', 'ACCOUNT_UNUSED_ACCESS'),
      rolledBack: async (world) => expect(await analyzersOf(world)).toEqual(['theirs: ACCOUNT_UNUSED_ACCESS']),
    },
    'an account that gets one for its organization before the rollback': {
      seed: async ({ account }) => account,
      meanwhile: async (world) => void (await analyzer('all', 'ORGANIZATION')(world)),
      rolledBack: async (world) => expect(await analyzersOf(world)).toEqual(['all: ORGANIZATION']),
    },
  },
  compliant: {
    'an account with an analyzer': { seed: analyzer('theirs', 'ACCOUNT') },
    'an account with an analyzer of its organization': { seed: analyzer('theirs', 'ORGANIZATION') },
    "AWS Config's own resource": {
      seed: async (world) => `arn:aws:access-analyzer:${world.region}:${await analyzer('theirs', 'ACCOUNT')(world)}:analyzer/theirs`,
    },
  },
  obstacles: {
    'an analyzer of unused access with the name of ours': {
      seed: analyzer('posture-external-access', 'ACCOUNT_UNUSED_ACCESS'),
      outcome: 'unfixable',
      reason: /with another type/,
    },
  },
  missing: 'always there',
  unexercised: { 'iam:CreateServiceLinkedRole': 'AWS asks for it where the analyzer is the first of the account.' },
});

function analyzer(analyzerName: string, type: Type) {
  return async (world: World): Promise<string> => {
    await world.send(new CreateAnalyzerCommand({ analyzerName, type }));
    return world.account;
  };
}

async function analyzersOf(world: World) {
  return (await world.send(new ListAnalyzersCommand({}))).analyzers?.map(({ name, type }) => `${name}: ${type}`);
}

describe('analyzers that do not work', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const planFor = async (...analyzers: readonly object[]) => {
    const aws: Aws = {
      async send<Output>({ input }: AwsCommand<Output>) {
        const { nextToken } = input as { nextToken?: string };
        return (nextToken ? { analyzers } : { analyzers: [], nextToken: '2' }) as Output;
      },
    };
    return planOf(rule, resource, await rule.inspect(resource, aws), { parameters: {}, detectedBy: 'IAM.28', now: new Date(0) });
  };

  it('are waited for, or have to be deleted first', async () => {
    const one = { name: 'theirs', type: 'ACCOUNT', status: 'DISABLED' };
    expect(await planFor({ ...one, status: 'CREATING' })).toEqual({
      blocked: 'The analyzer theirs is being created.',
      code: 'being-modified',
    });
    expect(await planFor(one)).toEqual({
      unfixable: 'The analyzer theirs is DISABLED. Delete it so that a new one can be created.',
      code: 'analyzer-not-active',
    });
    expect(await planFor({ ...one, type: 'ORGANIZATION' })).toHaveLength(1);
    expect(await planFor(one, { ...one, name: 'all', type: 'ORGANIZATION', status: 'ACTIVE' })).toEqual([]);
  });
});
