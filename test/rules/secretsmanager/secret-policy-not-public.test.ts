import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { JsonObject } from '../../../rules/json';
import rule from '../../../rules/secretsmanager/secret-policy-not-public';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

const anybody: JsonObject = {
  Sid: 'anybody',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
};
const partner: JsonObject = { ...anybody, Sid: 'partner', Principal: { AWS: 'arn:aws:iam::444455556666:root' } };
const fromVpc: JsonObject = { ...anybody, Sid: 'vpc', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0123456789abcdef0' } } };

/** What AWS says of the secrets of the seeds besides, by their ARN: moto has no secrets of services. */
const said = new Map<string, Partial<DescribeSecretCommandOutput>>();

standIn(SecretsManagerClient, async (command, send) => {
  const answer = await send(command);
  return command instanceof DescribeSecretCommand ? { ...answer, ...said.get(command.input.SecretId ?? '') } : answer;
});

describeRule(rule, {
  violations: {
    'a secret that everybody and a partner may read': {
      seed: secretWith([anybody, partner]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([partner]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([anybody, partner]),
    },
    'a secret that everybody may read and nobody else': {
      seed: secretWith([anybody]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toBeUndefined(),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([anybody]),
    },
    'a secret that somebody else gives to a partner before the rollback': {
      seed: secretWith([anybody]),
      meanwhile: (world, id) => put(world, id, [partner]),
      rollback: 'rollback-refused',
    },
    'a primary secret with replicas': {
      seed: secretWith([anybody], (world) => ({ PrimaryRegion: world.region })),
    },
  },
  compliant: {
    'a secret without a policy': { seed: secretWith() },
    'a secret for a partner': { seed: secretWith([partner]) },
    'a secret for a VPC': { seed: secretWith([fromVpc]) },
    'a secret of a service that is not public': { seed: secretWith([partner], () => ({ OwningService: 'rds' })) },
  },
  obstacles: {
    'a public secret of a service': {
      seed: secretWith([anybody], () => ({ OwningService: 'rds' })),
      outcome: 'unfixable',
      reason: /service rds manages/,
    },
    'a public replica': {
      seed: secretWith([anybody], () => ({ PrimaryRegion: 'us-east-1' })),
      outcome: 'unfixable',
      reason: /replica of a secret in us-east-1/,
    },
    'a public secret that is to be deleted': {
      seed: secretWith([anybody], () => ({ DeletedDate: new Date() })),
      outcome: 'unfixable',
      reason: /scheduled for deletion/,
    },
    'a secret for everybody but those outside of the organization': {
      seed: secretWith([
        anybody,
        { ...anybody, Sid: 'outside', Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
      ]),
      outcome: 'unfixable',
      reason: /with a Deny statement/,
    },
  },
  missing: 'no-such-secret-AbCdEf',
});

async function put(world: World, SecretId: string, Statement: readonly JsonObject[]): Promise<void> {
  await world.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

async function statementsOf(world: World, SecretId: string): Promise<unknown> {
  const { ResourcePolicy } = await world.send(new GetResourcePolicyCommand({ SecretId }));
  return ResourcePolicy === undefined ? undefined : (JSON.parse(ResourcePolicy) as { readonly Statement: unknown }).Statement;
}

function secretWith(statements?: readonly JsonObject[], more: (world: World) => Partial<DescribeSecretCommandOutput> = () => ({})) {
  return async (world: World): Promise<string> => {
    const Name = `shop/${Math.random().toString(36).slice(2)}`;
    const { ARN = '' } = await world.send(new CreateSecretCommand({ Name, SecretString: 'only-for-tests' }));
    if (statements) await put(world, ARN, statements);
    said.set(ARN, more(world));
    return ARN;
  };
}
