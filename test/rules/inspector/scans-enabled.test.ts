import { AssociateMemberCommand, BatchGetAccountStatusCommand, EnableCommand, ListMembersCommand } from '@aws-sdk/client-inspector2';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/inspector/scans-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
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
    'an account that scans images by another control before the rollback': {
      seed: async ({ account }) => account,
      meanwhile: async (world) => void (await scanning('ECR')(world)),
      rolledBack: async (world) => expect(await scansOf(world)).toEqual({ ...off, ecr: 'ENABLED' }),
    },
    'an account that scans the code of functions by another control before the rollback': {
      seed: async ({ account }) => account,
      detectedBy: 'Inspector.4',
      meanwhile: async (world) => void (await scanning('LAMBDA_CODE')(world)),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'an account that scans instances': { seed: scanning('EC2') },
    'an account that scans functions, but not their code': { seed: scanning('LAMBDA'), detectedBy: 'Inspector.4' },
  },
  obstacles: {
    'an account that manages another, which scans nothing': {
      seed: async (world) => {
        await world.send(new AssociateMemberCommand({ accountId: '999988887777' }));
        return scanning('EC2')(world);
      },
      outcome: 'unfixable',
      reason: /some of them lack the EC2 scan/,
    },
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

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
const contextOf = (detectedBy: string) => ({ parameters: {}, detectedBy, now: new Date(0) });

describe('a plan', () => {
  const planFor = (detectedBy: string, over: object = {}) => rule.plan(resource, { ...off, ...over }, contextOf(detectedBy));

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
    expect(planFor('Inspector.1', { ec2: 'ENABLING' })).toEqual({
      blocked: 'The status of the EC2 scan is ENABLING.',
      code: 'being-modified',
    });
    expect(planFor('Inspector.3', { lambda: 'ENABLED', lambdaCode: 'DISABLING' })).toMatchObject({
      blocked: expect.stringContaining('LAMBDA_CODE'),
      code: 'being-modified',
    });
    expect(isChanges(planFor('Inspector.2', { ec2: 'ENABLING' }))).toBe(true);
  });

  it('can do nothing for a closed account, nor for another control', () => {
    expect(planFor('Inspector.1', { ec2: 'SUSPENDED' })).toMatchObject({ unfixable: expect.stringContaining('suspended') });
    expect(planFor('Inspector.3', { lambda: 'DISABLED', lambdaCode: 'SUSPENDED' })).toMatchObject({
      unfixable: expect.stringContaining('suspended'),
    });
    expect(planFor('Inspector.9')).toEqual({
      unfixable: 'Inspector.9 is not a control for a scan of this rule.',
      code: 'control-unknown',
    });
  });
});

describe('the accounts that an account manages', () => {
  const member = '222233334444';
  const all = { ec2: 'ENABLED', ecr: 'ENABLED', lambda: 'ENABLED', lambdaCode: 'ENABLED' };
  const resourceState = (statuses: typeof all) => Object.fromEntries(Object.entries(statuses).map(([scan, status]) => [scan, { status }]));

  /** Inspector with these members, on pages of a hundred and fifty; one may fail the answer. */
  const managing = (members: Readonly<Record<string, typeof all>>, refusal?: string): Aws => ({
    async send<Output>(command: AwsCommand<Output>) {
      if (command instanceof ListMembersCommand) {
        const ids = Object.keys(members).map((accountId) => ({ accountId }));
        return (command.input.nextToken ? { members: ids.slice(150) } : { members: ids.slice(0, 150), nextToken: 'more' }) as Output;
      }
      const { accountIds = [] } = command.input as { accountIds?: string[] };
      if (accountIds.length > 100) throw new Error('AWS takes no more than a hundred.');
      if (refusal && accountIds[0] !== place.account) throw Object.assign(new Error(), { name: refusal });
      const accounts = accountIds.map((accountId) => ({ accountId, resourceState: resourceState(members[accountId] ?? all) }));
      return { accounts: accounts.reverse() } as Output;
    },
  });
  const many = (last: typeof all) =>
    Object.fromEntries(Array.from({ length: 230 }, (_, index) => [String(index).padStart(12, '0'), index === 229 ? last : all] as const));

  it('are all looked at, and keep a control from being taken for fixed', async () => {
    expect(await rule.inspect(resource, managing(many(all)))).toEqual(all);
    const state = await rule.inspect(resource, managing(many({ ...all, lambdaCode: 'DISABLED' })));
    expect(state).toEqual({ ...all, lacking: ['lambdaCode'] });
    expect(planOf(rule, resource, state, contextOf('Inspector.3'))).toMatchObject({
      unfixable: expect.stringContaining('the LAMBDA_CODE scan'),
    });
    expect(planOf(rule, resource, state, contextOf('Inspector.4'))).toEqual([]);
  });

  it('count where they are suspended, and not where a scan is on its way', async () => {
    expect(await rule.inspect(resource, managing({ [member]: { ...all, ec2: 'SUSPENDED', ecr: 'ENABLING' } }))).toMatchObject({
      lacking: ['ec2'],
    });
  });

  it.each(['ACCESS_DENIED', 'ACCOUNT_IS_ISOLATED', 'RESOURCE_NOT_FOUND'])('count where AWS says %s of one', async (refusal) => {
    expect(await rule.inspect(resource, managing({ [member]: all }, refusal))).toMatchObject({
      lacking: ['ec2', 'ecr', 'lambda', 'lambdaCode'],
    });
    await expect(rule.inspect(resource, managing({ [member]: all }, 'INTERNAL_ERROR'))).rejects.toMatchObject({ name: 'INTERNAL_ERROR' });
  });

  it('are none where the account may not ask', async () => {
    const aws = managing({});
    const send = async <Output>(command: AwsCommand<Output>): Promise<Output> => {
      if (command instanceof ListMembersCommand) throw Object.assign(new Error(), { name: 'AccessDeniedException' });
      return aws.send(command);
    };
    expect(await rule.inspect(resource, { send })).toEqual(all);
  });
});
