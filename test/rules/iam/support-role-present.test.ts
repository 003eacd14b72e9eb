import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedOn } from '../../../rules/absence';
import { account } from '../../../rules/account';
import rule from '../../../rules/iam/support-role-present';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

/** Who has AWSSupportAccess, by the access key of the account: moto has no policies of AWS. */
const held = new Map<string, Set<string>>();

standIn(IAMClient, async (command, send, client) => {
  const holders = holdersOf((await client.config.credentials()).accessKeyId);
  const { RoleName = '' } = command.input as { RoleName?: string };
  if (command instanceof AttachRolePolicyCommand) holders.add(RoleName);
  else if (command instanceof DetachRolePolicyCommand) holders.delete(RoleName);
  else if (command instanceof ListEntitiesForPolicyCommand) return { PolicyRoles: [...holders].map((name) => ({ RoleName: name })) };
  else return send(command);
  return {};
});

const helper = 'arn:aws:iam::111122223333:user/helper';
const auditors = 'arn:aws:iam::111122223333:role/teams/auditors';

describeRule(rule, {
  parameters: { trustedArns: [helper] },
  violations: {
    'an account where nobody may call for help': {
      seed: async (world) => world.account,
      parameters: { trustedArns: [helper, auditors] },
      async fixed(world) {
        const role = await roleOf(world);
        expect(role).toMatchObject({
          PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/AWSSupportAccess' },
          Tags: [{ Key: 'posture:rule', Value: rule.id }],
        });
        expect(JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''))).toEqual({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: [auditors, helper] } }],
        });
      },
      rolledBack: async (world) => expect(await roleOf(world)).toBeUndefined(),
    },
    'an account where the role was made before, but may not do anything': {
      seed: (world) => roleWith(world, { trust: helper }),
      rolledBack: async (world) => expect(await roleOf(world)).toBeDefined(),
    },
    'an account where another role may call for help before the rollback': {
      seed: async (world) => world.account,
      meanwhile: (world) => hold(world, 'operators'),
      rolledBack: async (world) => expect(await roleOf(world)).toBeUndefined(),
    },
  },
  compliant: {
    'an account where a role may call for help': {
      seed: async (world) => {
        await hold(world, 'operators');
        return world.account;
      },
    },
  },
  obstacles: {
    "somebody else's role with our name": {
      seed: (world) => roleWith(world, { trust: helper, tag: 'another' }),
      outcome: 'unfixable',
      reason: /exists with a different configuration/,
    },
    'a role with our name and tag that trusts somebody else': {
      seed: (world) => roleWith(world, { trust: auditors }),
      outcome: 'unfixable',
    },
    'a role with our name and tag that is not bounded': {
      seed: (world) => roleWith(world, { trust: helper, boundary: 'AdministratorAccess' }),
      outcome: 'unfixable',
    },
    'nobody who may take the role on': {
      seed: async (world) => world.account,
      parameters: { trustedArns: [] },
      outcome: 'not-configured',
    },
  },
  missing: 'always there',
});

it.each(['*', 'arn:aws:iam::*:root', 'arn:aws:iam::111122223333:user/*', '111122223333'])('trusts nobody by %s', (arn) => {
  expect(rule.parameters?.safeParse({ trustedArns: [arn] }).success).toBe(false);
});

const resource = {
  type: account.type,
  id: '111122223333',
  arn: 'AWS::::Account:111122223333',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

describe('what is there already', () => {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: helper } };
  const seen = (Statement: unknown) => {
    const AssumeRolePolicyDocument = encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));
    const send = async (command: AwsCommand) => (command instanceof GetRoleCommand ? { Role: { AssumeRolePolicyDocument } } : {});
    return rule.inspect(resource, { send } as unknown as Aws);
  };

  it.each([
    [[statement], [helper]],
    [{ ...statement, Principal: { AWS: [helper, auditors] } }, [auditors, helper]],
    [[statement, statement], null],
    [[{ ...statement, Principal: '*' }], null],
    [[{ ...statement, Principal: { AWS: helper, Service: 'ec2.amazonaws.com' } }], null],
    [[{ ...statement, Condition: { Bool: { 'aws:MultiFactorAuthPresent': true } } }], null],
  ])('trusts, by %j, %j', async (statements, trusted) => {
    expect(await seen(statements)).toEqual({ holders: [], role: { own: false, trusted } });
  });
});

it('reads who has the policy from all pages, whoever they are', async () => {
  const send = async (command: AwsCommand) => {
    if (command instanceof GetRoleCommand) return {};
    const { Marker } = (command as ListEntitiesForPolicyCommand).input;
    return Marker ? { PolicyGroups: [{ GroupName: 'a' }] } : { PolicyUsers: [{ UserName: 'b' }], IsTruncated: true, Marker: 'more' };
  };
  expect(await rule.inspect(resource, { send } as unknown as Aws)).toEqual({ holders: ['group/a', 'user/b'], role: null });
});

function holdersOf(accessKeyId: string): Set<string> {
  const holders = held.get(accessKeyId) ?? new Set();
  held.set(accessKeyId, holders);
  return holders;
}

async function hold(world: World, RoleName: string): Promise<void> {
  await world.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AWSSupportAccess' }));
}

async function roleWith(
  world: World,
  { trust, tag = rule.id, boundary = 'AWSSupportAccess' }: { readonly trust: string; readonly tag?: string; readonly boundary?: string },
): Promise<string> {
  await world.send(
    new CreateRoleCommand({
      RoleName: 'posture-aws-support',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: trust }, Action: 'sts:AssumeRole' }],
      }),
      PermissionsBoundary: `arn:aws:iam::aws:policy/${boundary}`,
      Tags: [{ Key: 'posture:rule', Value: tag }],
    }),
  );
  return world.account;
}

async function roleOf(world: World) {
  return (await undefinedOn(['NoSuchEntityException'], world.send(new GetRoleCommand({ RoleName: 'posture-aws-support' }))))?.Role;
}
