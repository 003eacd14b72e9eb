import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import type { JsonObject } from '../../../rules/json';
import { key } from '../../../rules/kms/key/resource';
import rule from '../../../rules/kms/key-policy-not-public';
import type { Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newKey } from './new-key';

const allow = (over: JsonObject): JsonObject => ({ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', ...over });
const own = (account: string) => allow({ Sid: 'own', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*' });
const anybody = allow({ Sid: 'anybody' });
const partner = 'arn:aws:iam::444455556666:root';

describeRule(rule, {
  violations: {
    'a key open to everybody beside its account': {
      seed: keyWith((account) => [own(account), anybody]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          own(world.account),
          { ...anybody, Principal: { AWS: `arn:aws:iam::${world.account}:root` } },
        ]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([own(world.account), anybody]),
    },
    'a key open to everybody alone, that its account could no longer manage': {
      seed: keyWith(() => [allow({ Action: 'kms:*', Principal: { AWS: ['*'] } })]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          allow({ Action: 'kms:*', Principal: { AWS: `arn:aws:iam::${world.account}:root` } }),
        ]),
    },
    'a key that names a partner beside everybody': {
      seed: keyWith((account) => [own(account), allow({ Principal: { AWS: ['*', partner], Service: 'logs.amazonaws.com' } })]),
      fixed: async (world, id) =>
        expect((await statementsOf(world, id))[1]).toEqual(
          allow({ Principal: { AWS: [`arn:aws:iam::${world.account}:root`, partner], Service: 'logs.amazonaws.com' } }),
        ),
    },
    'a key that somebody else opens to a partner before the rollback': {
      seed: keyWith((account) => [own(account), anybody]),
      meanwhile: (world, id) => put(world, id, [own(world.account), allow({ Principal: { AWS: partner } })]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a key for its account alone': { seed: keyWith((account) => [own(account)]) },
    'a key for everybody of its account, through a service': {
      seed: keyWith((account) => [
        own(account),
        allow({
          Principal: { AWS: '*' },
          Condition: { StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } },
        }),
      ]),
    },
    'a key for an organization': {
      seed: keyWith((account) => [own(account), allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } })]),
    },
  },
  obstacles: {
    'a key open to everybody through a service, of any account': {
      seed: keyWith((account) => [
        own(account),
        allow({ Sid: 'disks', Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } } }),
      ]),
      outcome: 'unfixable',
      reason: /public access with a condition \("disks"\)/,
    },
  },
  missing: '00000000-0000-4000-8000-000000000000',
});

const resource = {
  type: key.type,
  id: 'k',
  arn: 'arn:aws-cn:kms:cn-north-1:111122223333:key/k',
  partition: 'aws-cn',
  account: '111122223333',
  region: 'cn-north-1',
};
const planFor = (policy: string) => rule.plan(resource, { policy }, { parameters: {}, detectedBy: 'KMS.5', now: new Date(0) });
const policyIn = (statements: readonly JsonObject[], id = 'theirs') => JSON.stringify({ Id: id, Statement: statements }, null, 1);

it('names the account of the key once, in its own partition, and puts back the very text', () => {
  const root = 'arn:aws-cn:iam::111122223333:root';
  const text = policyIn([allow({ Principal: { AWS: ['*', root] } }), allow({ Principal: { Service: '*' } })]);
  const [change] = planFor(text) as readonly (Change & { readonly undo: object })[];
  expect(change).toMatchObject({
    do: {
      input: {
        KeyId: 'k',
        PolicyName: 'default',
        Policy: JSON.stringify({ Id: 'theirs', Statement: [allow({ Principal: { AWS: root } }), allow({ Principal: { AWS: root } })] }),
      },
    },
    undo: { input: { KeyId: 'k', PolicyName: 'default', Policy: text } },
  });
});

it.each([
  ['is not JSON', '{"Statement":', /cannot be parsed as JSON/, 'state-unreadable'],
  [
    'lets in all but some',
    policyIn([allow({ Principal: undefined, NotPrincipal: { AWS: partner } })]),
    /everyone with exceptions/,
    'principal-unclear',
  ],
  [
    'would be too long',
    policyIn([anybody], 'x'.repeat(32 * 1024 - 150)),
    /would have \d+ bytes\. AWS KMS accepts up to 32768/,
    'policy-too-large',
  ],
])('leaves alone a policy that %s', (_what, policy, reason, code) => {
  expect(planFor(policy)).toEqual({ unfixable: expect.stringMatching(reason), code });
});

async function put(world: World, KeyId: string, Statement: readonly JsonObject[]): Promise<void> {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await world.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
}

async function statementsOf(world: World, KeyId: string): Promise<readonly JsonObject[]> {
  const { Policy = '{}' } = await world.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  return (JSON.parse(Policy) as { Statement: JsonObject[] }).Statement;
}

function keyWith(statements: (account: string) => readonly JsonObject[]) {
  return async (world: World): Promise<string> => {
    const id = await newKey()(world);
    await put(world, id, statements(world.account));
    return id;
  };
}
