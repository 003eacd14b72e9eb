import {
  AddLayerVersionPermissionCommand,
  type AddLayerVersionPermissionCommandInput,
  GetLayerVersionPolicyCommand,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../../rules/json';
import { permissionFor } from '../../../rules/lambda/layer-version/permission';
import rule from '../../../rules/lambda/layer-version-policy-not-public';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { storedCode } from './new-function';

type Grant = Pick<AddLayerVersionPermissionCommandInput, 'Principal' | 'OrganizationId'> & { readonly StatementId: string };

const anybody: Grant = { StatementId: 'anybody', Principal: '*' };
const partner: Grant = { StatementId: 'partner', Principal: '444455556666' };
const organization: Grant = { StatementId: 'organization', Principal: '*', OrganizationId: 'o-a1b2c3d4e5' };

describeRule(rule, {
  clients: [S3Client],
  violations: {
    'a version for everybody, a partner and an organization': {
      seed: versionWith([partner, anybody, organization]),
      fixed: async (world, id) => expect(await idsOf(world, id)).toEqual(['partner', 'organization']),
      rolledBack: async (world, id) => expect(await idsOf(world, id)).toEqual(['partner', 'organization', 'anybody']),
    },
    'a version with two public statements': {
      seed: versionWith([anybody, { ...anybody, StatementId: 'also' }]),
      fixed: async (world, id) => expect(await idsOf(world, id)).toEqual([]),
    },
    'the second version of a layer, whose first stays public': {
      seed: async (world) => {
        const first = await versionWith([anybody])(world);
        return versionWith([anybody], partsOf(first).LayerName)(world);
      },
      fixed: async (world, id) => {
        expect(id).toMatch(/:2$/);
        expect(await idsOf(world, id)).toEqual([]);
        expect(await idsOf(world, id.replace(/2$/, '1'))).toEqual(['anybody']);
      },
    },
    'a version that gets a partner after the fix': {
      seed: versionWith([anybody]),
      meanwhile: (world, id) => grant(world, id, partner),
      rolledBack: async (world, id) => expect(await idsOf(world, id)).toEqual(['partner', 'anybody']),
    },
    'a version that somebody opens again after the fix': {
      seed: versionWith([anybody]),
      meanwhile: (world, id) => grant(world, id, { ...anybody, StatementId: 'again' }),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a version without a policy': { seed: versionWith() },
    'a version for a partner': { seed: versionWith([partner]) },
    'a version for an organization': { seed: versionWith([organization]) },
  },
  missing: 'arn:{partition}:lambda:{region}:{account}:layer:no-such-layer:1',
});

describe('what Lambda does not write is left to a person', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:layer:shop:3';
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::Lambda::LayerVersion', id: 'shop:3', arn };
  const own: JsonObject = { Sid: 'anybody', Effect: 'Allow', Principal: '*', Action: 'lambda:GetLayerVersion', Resource: arn };

  it.each([
    ['a condition with any organization', { ...own, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }],
    ['an organization that is none', { ...own, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-*' } } }],
    ['a principal in an object', { ...own, Principal: { AWS: '*' } }],
    ['no statement ID', { ...own, Sid: null }],
  ])('%s', (_, statement) => {
    expect(rule.plan(resource, { statements: [own, statement] }, {} as never)).toMatchObject({ code: 'condition-not-recognized' });
  });

  it('a policy that is none', () => {
    expect(rule.plan(resource, { statements: null }, {} as never)).toMatchObject({ code: 'state-unreadable' });
  });
});

describe('a statement is written again only if it is the very same', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:layer:shop:3';
  const version = { LayerName: 'shop', VersionNumber: 3 };
  const own: JsonObject = { Sid: 'anybody', Effect: 'Allow', Principal: '*', Action: 'lambda:GetLayerVersion', Resource: arn };
  const condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

  it('as Lambda writes it', () => {
    const input = { ...version, StatementId: 'anybody', Action: 'lambda:GetLayerVersion', Principal: '*' };
    expect(permissionFor(version, arn, own)).toEqual(input);
    expect(permissionFor(version, arn, { ...own, Condition: condition })).toEqual({ ...input, OrganizationId: 'o-a1b2c3d4e5' });
  });

  it.each([
    ['another action', { Action: 'lambda:*' }],
    ['another resource', { Resource: `${arn}0` }],
    ['a principal in an object', { Principal: { AWS: '*' } }],
    ['no statement ID', { Sid: 'any body' }],
    ['one more condition', { Condition: { ...condition, Bool: { 'aws:SecureTransport': 'true' } } }],
  ])('not with %s', (_, change) => {
    expect(permissionFor(version, arn, { ...own, ...change })).toBeUndefined();
  });
});

/** The version in its ARN. */
const partsOf = (id: string) => {
  const [LayerName = '', version] = id.split(':').slice(-2);
  return { LayerName, VersionNumber: Number(version) };
};

async function grant(world: World, id: string, one: Grant): Promise<void> {
  await world.send(new AddLayerVersionPermissionCommand({ ...partsOf(id), Action: 'lambda:GetLayerVersion', ...one }));
}

async function idsOf(world: World, id: string): Promise<readonly unknown[]> {
  try {
    const { Policy = '' } = await world.send(new GetLayerVersionPolicyCommand(partsOf(id)));
    return (JSON.parse(Policy) as { readonly Statement: readonly { readonly Sid: string }[] }).Statement.map(({ Sid }) => Sid);
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  }
}

function versionWith(grants: readonly Grant[] = [], name = `shop-${Math.random().toString(36).slice(2)}`) {
  return async (world: World): Promise<string> => {
    const Content = await storedCode(world, `${name}-${Math.random().toString(36).slice(2)}`);
    const { Version } = await world.send(new PublishLayerVersionCommand({ LayerName: name, Content }));
    const id = `arn:${world.partition}:lambda:${world.region}:${world.account}:layer:${name}:${Version}`;
    for (const one of grants) await grant(world, id, one);
    return id;
  };
}
