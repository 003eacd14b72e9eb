import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { secret } from '../../../rules/secretsmanager/secret/resource';
import rule from '../../../rules/secretsmanager/secret-unused-removed';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

const day = 86_400_000;
const today = Date.now();
const at = (daysAgo: number) => new Date(today - daysAgo * day);

/** What AWS says of the secrets of the seeds, by their ARN: moto dates all at now, and notes no use. */
const said = new Map<string, Partial<DescribeSecretCommandOutput>>();

standIn(SecretsManagerClient, async (command, send) => {
  const answer = await send(command);
  return command instanceof DescribeSecretCommand ? { ...answer, ...said.get(command.input.SecretId ?? '') } : answer;
});

const forgotten = { CreatedDate: at(400), LastAccessedDate: at(100) };

describeRule(rule, {
  violations: {
    'a secret that nobody read for 100 days': {
      seed: secretWith(forgotten, '/production/database/password'),
      fixed: (world, arn) => expect(world.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toThrow(/marked deleted/),
      rolledBack: async (world, arn) =>
        expect((await world.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString).toBe('only-for-tests'),
    },
    'an old secret that nobody ever read': { seed: secretWith({ CreatedDate: at(100) }) },
    'a secret that nobody read for 20 days, where the owner allows 10': {
      seed: secretWith({ CreatedDate: at(400), LastAccessedDate: at(20) }),
      parameters: { unusedForDays: 10, recoveryWindowInDays: 7 },
    },
  },
  compliant: {
    'a secret that was read a week ago': { seed: secretWith({ CreatedDate: at(400), LastAccessedDate: at(7) }) },
    'a young secret that nobody ever read': { seed: secretWith({ CreatedDate: at(30) }) },
    'a secret that is to be deleted already': {
      seed: async (world) => {
        const SecretId = await secretWith(forgotten)(world);
        await world.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 10 }));
        return SecretId;
      },
    },
  },
  obstacles: {
    'a secret of a service': {
      seed: secretWith({ ...forgotten, OwningService: 'rds' }),
      outcome: 'unfixable',
      reason: /service rds manages/,
    },
    'a replica': {
      seed: secretWith({ ...forgotten, PrimaryRegion: 'us-east-1' }),
      outcome: 'unfixable',
      reason: /replica of a secret in us-east-1/,
    },
    'a secret with replicas': {
      seed: async (world) => {
        const SecretId = await secretWith({ ...forgotten, PrimaryRegion: world.region })(world);
        await world.send(new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions: [{ Region: 'us-east-1' }] }));
        return SecretId;
      },
      outcome: 'unfixable',
      reason: /replicas in us-east-1/,
    },
  },
  missing: 'no-such-secret-AbCdEf',
});

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf';
const resource = { type: secret.type, id: 's-AbCdEf', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const answering = (answer: object): Aws => ({ send: async <Output>() => answer as Output });

it('calls a secret unused after 90 whole days, and not a moment before', () => {
  const context = { parameters: { unusedForDays: 90, recoveryWindowInDays: 30 }, detectedBy: 'SecretsManager.3', now: new Date(today) };
  const plan = (created: number, used: number | null) =>
    rule.plan(
      resource,
      {
        scheduled: false,
        created: new Date(created).toISOString(),
        used: used === null ? null : new Date(used).toISOString(),
        replicas: [],
      },
      context,
    );
  // The last use is shown as the midnight before it.
  expect(plan(0, today - 91 * day)).toEqual([]);
  expect(plan(0, today - 91 * day - 1)).toMatchObject([{ do: { input: { SecretId: arn, RecoveryWindowInDays: 30 } } }]);
  expect(plan(today - 90 * day, null)).toEqual([]);
  expect(plan(today - 90 * day - 1, null)).toHaveLength(1);
  expect(plan(today, 0)).toEqual([]);
});

it('deletes nothing of which AWS does not say how old it is', async () => {
  const state = await rule.inspect(resource, answering({ ARN: arn, ReplicationStatus: [{}] }));
  expect(state).toMatchObject({ scheduled: false, used: null, replicas: [] });
  const context = { parameters: { unusedForDays: 1, recoveryWindowInDays: 30 }, detectedBy: 'SecretsManager.3', now: new Date() };
  expect(planOf(rule, resource, state, context)).toEqual([]);
});

it('lists the secrets of all pages', async () => {
  const pages: Record<string, object> = {
    first: { SecretList: [{ ARN: 'a' }, {}], NextToken: 'second' },
    second: { SecretList: [{ ARN: 'b' }] },
  };
  const aws: Aws = {
    send: async <Output>({ input }: AwsCommand<Output>) => pages[(input as { NextToken?: string }).NextToken ?? 'first'] as Output,
  };
  expect(await rule.list?.(resource, aws)).toEqual(['a', 'b']);
});

function secretWith(answer: Partial<DescribeSecretCommandOutput>, Name = `secret-${Math.random().toString(36).slice(2)}`) {
  return async (world: World): Promise<string> => {
    const Tags = [{ Key: 'team', Value: 'red' }];
    const { ARN = '' } = await world.send(new CreateSecretCommand({ Name, SecretString: 'only-for-tests', Tags }));
    said.set(ARN, answer);
    return ARN;
  };
}
