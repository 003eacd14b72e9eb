import {
  CreateGraphqlApiCommand,
  type CreateGraphqlApiCommandInput,
  GetGraphqlApiCommand,
  UpdateGraphqlApiCommand,
} from '@aws-sdk/client-appsync';
import { graphqlApi } from '../../../rules/appsync/graphql-api/resource';
import rule from '../../../rules/appsync/graphql-api-keys-not-accepted';
import type { JsonObject } from '../../../rules/json';
import type { Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const pool = { userPoolId: 'eu-west-1_AbC', awsRegion: 'eu-west-1' };
const byPool = { authenticationType: 'AMAZON_COGNITO_USER_POOLS' as const, userPoolConfig: pool };
const byKey = { authenticationType: 'API_KEY' as const };
const byRole = { authenticationType: 'AWS_IAM' as const };

describeRule(rule, {
  parameters: { replacement: byRole },
  violations: {
    'an API that asks for a key alone': {
      seed: newApi({ ...byKey, xrayEnabled: true, logConfig: { cloudWatchLogsRoleArn: 'arn:aws:iam::1:role/a', fieldLogLevel: 'ERROR' } }),
      fixed: async (world, id) =>
        expect(await apiOf(world, id)).toMatchObject({
          authenticationType: 'AWS_IAM',
          name: 'shop',
          xrayEnabled: true,
          logConfig: { fieldLogLevel: 'ERROR' },
        }),
    },
    'an API that asks for a key, and for users as well': {
      seed: newApi({ ...byKey, additionalAuthenticationProviders: [byPool] }),
      fixed: async (world, id) =>
        expect(await apiOf(world, id)).toMatchObject({ authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [byPool] }),
    },
    'an API that takes keys besides': {
      seed: newApi({ authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [byKey, byPool] }),
      parameters: { replacement: { authenticationType: 'OPENID_CONNECT', issuer: 'https://login.example.com' } },
      fixed: async (world, id) =>
        expect(await apiOf(world, id)).toMatchObject({ authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [byPool] }),
    },
    'an API whose additional method becomes the first': {
      seed: newApi({ ...byKey, additionalAuthenticationProviders: [byRole, byPool] }),
      fixed: async (world, id) =>
        expect(await apiOf(world, id)).toMatchObject({ authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [byPool] }),
    },
  },
  compliant: {
    'an API that asks for a signature': { seed: newApi(byRole) },
    'an API that asks for users': { seed: newApi({ ...byPool, userPoolConfig: { ...pool, defaultAction: 'DENY' } }) },
  },
  obstacles: {
    'no method to put in the place of keys': {
      seed: newApi(byKey),
      parameters: { replacement: byKey },
      outcome: 'not-configured',
    },
  },
  missing: 'nosuchapi',
  unexercised: { 'iam:PassRole': 'AWS asks for it where an API that writes logs is updated; it is no call.' },
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: graphqlApi.type, id: 'a1', arn: 'arn:aws:appsync:eu-west-1:111122223333:apis/a1' };
const keyed = { method: byKey, additional: [] };

describe('the first method becomes', () => {
  const methodFor = (replacement: object, additional: readonly JsonObject[] = []) => {
    const parameters = rule.parameters?.parse({ replacement }) as Parameters<typeof rule.plan>[2]['parameters'];
    const plan = rule.plan(resource, { ...keyed, additional }, { parameters, detectedBy: 'AppSync.5', now: new Date(0) });
    const [change] = plan as readonly Change[];
    return change && (change.do.input as { authentication: object }).authentication;
  };

  it('a user pool', () => {
    expect(methodFor({ authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolId: 'eu-west-1_AbC' })).toEqual({
      method: { authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolConfig: { ...pool, defaultAction: 'ALLOW' } },
      additional: [],
    });
  });

  it('a user pool that was an additional one, and no other', () => {
    const other = { ...byPool, userPoolConfig: { ...pool, userPoolId: 'eu-west-1_Other' } };
    expect(methodFor({ authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolId: 'eu-west-1_AbC' }, [byPool, other])).toMatchObject({
      additional: [other],
    });
  });

  it('a user pool that was an additional one, for the clients alone that it was for', () => {
    const narrow = { ...byPool, userPoolConfig: { ...pool, awsRegion: 'eu-central-1', appIdClientRegex: '^shop$' } };
    const replacement = { authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolId: 'eu-west-1_AbC', defaultAction: 'DENY' };
    expect(methodFor(replacement, [narrow])).toEqual({
      method: { ...narrow, userPoolConfig: { ...narrow.userPoolConfig, defaultAction: 'DENY' } },
      additional: [],
    });
  });

  it('an issuer that was an additional one, for the clients and the time that it was for', () => {
    const openIDConnectConfig = { issuer: 'https://login.example.com', clientId: 'till', iatTTL: 60000, authTTL: 60000 };
    const issued = { authenticationType: 'OPENID_CONNECT', openIDConnectConfig };
    const replacement = { authenticationType: 'OPENID_CONNECT', issuer: 'https://login.example.com', clientId: 'shop' };
    expect(methodFor(replacement, [issued])).toEqual({ method: issued, additional: [] });
  });

  it('an issuer of tokens', () => {
    const replacement = { authenticationType: 'OPENID_CONNECT', issuer: 'https://login.example.com', clientId: 'shop' };
    expect(methodFor(replacement)).toMatchObject({
      method: { openIDConnectConfig: { issuer: 'https://login.example.com', clientId: 'shop' } },
    });
  });

  it('a function', () => {
    const authorizerUri = 'arn:aws:lambda:eu-west-1:111122223333:function:who';
    expect(methodFor({ authenticationType: 'AWS_LAMBDA', authorizerUri })).toMatchObject({
      method: { lambdaAuthorizerConfig: { authorizerUri } },
    });
  });
});

it('changes nothing where somebody has changed the authentication since', async () => {
  const parameters = { replacement: byRole };
  const [change] = rule.plan(resource, keyed, { parameters, detectedBy: 'AppSync.5', now: new Date(0) }) as readonly Change[];
  const stack = { concat: () => ({ resolve: () => async () => ({ output: { graphqlApi: byRole } }) }) };
  const update = jest.spyOn(UpdateGraphqlApiCommand.prototype, 'resolveMiddleware');
  const send = change?.do.resolveMiddleware(stack as never, { requestHandler: {} } as never);
  await expect(send?.({} as never)).rejects.toThrow('The authorization modes of a1 have changed since the inspection');
  expect(update).not.toHaveBeenCalled();
  update.mockRestore();
});

it('passes roles to AppSync alone', () => {
  expect(rule.permissions.change).toContainEqual({
    actions: ['iam:PassRole'],
    on: 'arn:{partition}:iam::{account}:role/*',
    condition: { StringEquals: { 'iam:PassedToService': 'appsync.amazonaws.com' } },
  });
});

it('lists the APIs of all pages', async () => {
  const aws = {
    async send({ input }: { input: { nextToken?: string } }) {
      return input.nextToken ? { graphqlApis: [{ apiId: 'b' }] } : { graphqlApis: [{ apiId: 'a' }, {}], nextToken: 'more' };
    },
  } as never;
  expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
});

function newApi(input: Omit<CreateGraphqlApiCommandInput, 'name'>) {
  return async (world: World): Promise<string> => {
    const { graphqlApi: made } = await world.send(new CreateGraphqlApiCommand({ name: 'shop', ...input }));
    return made?.apiId ?? '';
  };
}

async function apiOf(world: World, apiId: string) {
  return (await world.send(new GetGraphqlApiCommand({ apiId }))).graphqlApi;
}
