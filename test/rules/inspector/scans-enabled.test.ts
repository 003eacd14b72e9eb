import { BatchGetAccountStatusCommand, EnableCommand } from '@aws-sdk/client-inspector2';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/inspector/scans-enabled';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

type Scan = 'EC2' | 'ECR' | 'LAMBDA' | 'LAMBDA_CODE';
const off = { ec2: 'DISABLED', ecr: 'DISABLED', lambda: 'DISABLED', lambdaCode: 'DISABLED' };

describeRule(rule, {
  violations: {
    'an account without Inspector': {
      seed: async ({ account }) => account,
      fixed: async (world) => expect(await scansOf(world)).toEqual({ ...off, ec2: 'ENABLED' }),
      rolledBack: async (world) => expect(await scansOf(world)).toEqual(off),
    },
    'an account that scans instances, but no images': {
      seed: scanning('EC2'),
      detectedBy: 'inspector-ecr-scan-enabled',
      fixed: async (world) => expect(await scansOf(world)).toEqual({ ...off, ec2: 'ENABLED', ecr: 'ENABLED' }),
      rolledBack: async (world) => expect(await scansOf(world)).toEqual({ ...off, ec2: 'ENABLED' }),
    },
    'an account that scans no functions, where their code has to be scanned': {
      seed: scanning('EC2'),
      detectedBy: 'Inspector.3',
      fixed: async (world) => expect(await scansOf(world)).toEqual({ ...off, ec2: 'ENABLED', lambda: 'ENABLED', lambdaCode: 'ENABLED' }),
    },
    'an account that scans functions, but not their code': {
      seed: scanning('LAMBDA'),
      detectedBy: 'Inspector.3',
      fixed: async (world) => expect(await scansOf(world)).toEqual({ ...off, lambda: 'ENABLED', lambdaCode: 'ENABLED' }),
      rolledBack: async (world) => expect(await scansOf(world)).toEqual({ ...off, lambda: 'ENABLED' }),
    },
  },
  compliant: {
    'an account that scans instances': { seed: scanning('EC2') },
    'an account that scans functions, but not their code': { seed: scanning('LAMBDA'), detectedBy: 'Inspector.4' },
  },
  missing: 'always there',
  unexercised: { 'iam:CreateServiceLinkedRole': 'AWS asks for it where a scan is the first of the account.' },
});

function scanning(...resourceTypes: Scan[]) {
  return async (world: World): Promise<string> => {
    await world.send(new EnableCommand({ accountIds: [world.account], resourceTypes }));
    return world.account;
  };
}

async function scansOf(world: World) {
  const { accounts: [found] = [] } = await world.send(new BatchGetAccountStatusCommand({ accountIds: [world.account] }));
  const { ec2, ecr, lambda, lambdaCode } = found?.resourceState ?? {};
  return { ec2: ec2?.status, ecr: ecr?.status, lambda: lambda?.status, lambdaCode: lambdaCode?.status };
}

describe('a plan', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const planFor = (detectedBy: string, over: object = {}) =>
    rule.plan(resource, { ...off, ...over }, { parameters: {}, detectedBy, now: new Date(0) });

  it.each([
    ['Inspector.1', ['EC2']],
    ['inspector-ec2-scan-enabled', ['EC2']],
    ['Inspector.2', ['ECR']],
    ['Inspector.3', ['LAMBDA', 'LAMBDA_CODE']],
    ['inspector-lambda-code-scan-enabled', ['LAMBDA', 'LAMBDA_CODE']],
    ['Inspector.4', ['LAMBDA']],
    ['inspector-lambda-standard-scan-enabled', ['LAMBDA']],
  ])('for %s enables %j and no more', (detectedBy, resourceTypes) => {
    const plan = planFor(detectedBy);
    const scans = { accountIds: [place.account], resourceTypes };
    expect(isChanges(plan) && plan).toMatchObject([{ do: { input: scans }, undo: { input: scans } }]);
  });

  it('waits as long as AWS is at work', () => {
    expect(planFor('Inspector.1', { ec2: 'ENABLING' })).toEqual({ blocked: 'AWS is at work on the scan of EC2 (ENABLING).' });
    expect(planFor('Inspector.3', { lambda: 'ENABLED', lambdaCode: 'DISABLING' })).toMatchObject({
      blocked: expect.stringContaining('LAMBDA_CODE'),
    });
    expect(isChanges(planFor('Inspector.2', { ec2: 'ENABLING' }))).toBe(true);
  });

  it('can do nothing for a closed account, nor for another control', () => {
    expect(planFor('Inspector.1', { ec2: 'SUSPENDED' })).toMatchObject({ unfixable: expect.stringContaining('suspended') });
    expect(planFor('Inspector.9')).toEqual({ unfixable: 'Inspector.9 is about none of the scans that this rule knows.' });
  });
});
