import {
  type CacheBehavior,
  CloudFrontClient,
  GetDistributionConfigCommand,
  type Origin,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { connect } from '../../../functions/aws/connection';
import { SetRootObjectCommand } from '../../../rules/cloudfront/distribution/root-object';
import rule from '../../../rules/cloudfront/distribution-root-object-set';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { useEmulator } from '../../emulator/use';
import { bucketOrigin, configurationOf, newDistribution, server } from './distribution/seed';

const assets = bucketOrigin('assets.s3.eu-west-1.amazonaws.com');

/** Sends the paths to an origin. */
const behavior = (PathPattern: string, origin: Origin): CacheBehavior => ({
  PathPattern,
  TargetOriginId: origin.Id,
  ViewerProtocolPolicy: 'redirect-to-https',
});
const behaviors = (...Items: CacheBehavior[]) => ({ CacheBehaviors: { Quantity: Items.length, Items } });

describeRule(rule, {
  parameters: { defaultRootObject: 'index.html' },
  violations: {
    'a distribution of a bucket without a default root object': {
      seed: (world) => newDistribution(world, [assets], { HttpVersion: 'http3', PriceClass: 'PriceClass_100' }),
      fixed: async (world, id) =>
        expect(await configurationOf(world, id)).toMatchObject({
          DefaultRootObject: 'index.html',
          Comment: 'the shop',
          HttpVersion: 'http3',
          PriceClass: 'PriceClass_100',
          DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
        }),
      rolledBack: async (world, id) =>
        expect(await configurationOf(world, id)).toMatchObject({ DefaultRootObject: '', HttpVersion: 'http3' }),
    },
  },
  compliant: {
    'a distribution with another root object': { seed: (world) => newDistribution(world, [assets], { DefaultRootObject: 'home.html' }) },
    'a distribution of an application': { seed: (world) => newDistribution(world, [server]) },
    'a distribution of the website of a bucket': {
      seed: (world) => newDistribution(world, [{ ...server, DomainName: 'assets.s3-website-eu-west-1.amazonaws.com' }]),
    },
  },
  obstacles: {
    'an application that serves all but the pictures, which are in a bucket': {
      seed: (world) => newDistribution(world, [server, assets], behaviors(behavior('/pictures/*', assets))),
      outcome: 'unfixable',
      reason: /A custom origin, such as an application, serves `\/` or `\/index\.html`/,
    },
    'a bucket, and an application for the pages': {
      seed: (world) => newDistribution(world, [assets, server], behaviors(behavior('*.html', server))),
      outcome: 'unfixable',
    },
    'no object to give': {
      seed: (world) => newDistribution(world, [assets]),
      parameters: { defaultRootObject: '/index.html' },
      outcome: 'not-configured',
    },
  },
  missing: 'E0NOSUCHONE',
  unexercised: { 'wafv2:GetWebACL': 'CloudFront asks for it where the distribution has a web ACL; it is no call of the rule.' },
});

describe('the state and the plan', () => {
  const resource = {
    partition: 'aws',
    account: '111122223333',
    region: 'us-east-1',
    type: 'AWS::CloudFront::Distribution',
    id: 'E1',
    arn: 'arn:aws:cloudfront::111122223333:distribution/E1',
  };
  const planOf = async (configuration: object) => {
    const aws = { send: async () => ({ DistributionConfig: configuration }) } as unknown as Aws;
    const state = await rule.inspect(resource, aws);
    if (state === notFound) throw new Error('not found');
    return rule.plan(resource, state, { parameters: { defaultRootObject: 'index.html' }, detectedBy: 'CloudFront.1', now: new Date(0) });
  };
  const origins = (...Items: Origin[]) => ({ Origins: { Quantity: Items.length, Items } });
  const group = (...Items: Origin[]) => ({
    DefaultCacheBehavior: { TargetOriginId: 'both' },
    OriginGroups: { Items: [{ Id: 'both', Members: { Items: Items.map(({ Id }) => ({ OriginId: Id })) } }] },
  });
  const other = bucketOrigin('copies.s3.eu-west-1.amazonaws.com');

  it('reads who serves `/` through a group of origins', async () => {
    expect(await planOf({ ...origins(assets, other), ...group(assets, other) })).toHaveLength(1);
    expect(await planOf({ ...origins(assets, server), ...group(assets, server) })).toHaveProperty('code', 'root-served-by-application');
  });

  it('takes the first behavior that serves a path', async () => {
    const served = (...some: CacheBehavior[]) => ({
      ...origins(assets, server),
      DefaultCacheBehavior: { TargetOriginId: server.Id },
      ...behaviors(...some),
    });
    expect(await planOf(served(behavior('api/*', server), behavior('*', assets)))).toHaveLength(1);
    expect(await planOf(served(behavior('/index.html', server), behavior('*', assets)))).toHaveProperty(
      'code',
      'root-served-by-application',
    );
    expect(await planOf(served(behavior('*', server), behavior('*', assets)))).toHaveProperty('code', 'root-served-by-application');
  });

  it('leaves a distribution with Lambda@Edge functions, and not one with CloudFront Functions', async () => {
    const associated = (more: object) => ({ ...origins(assets), DefaultCacheBehavior: { TargetOriginId: assets.Id, ...more } });
    const Items = [{ LambdaFunctionARN: 'arn:aws:lambda:us-east-1:111122223333:function:sign:1', EventType: 'viewer-request' }];
    expect(await planOf(associated({ LambdaFunctionAssociations: { Quantity: 1, Items } }))).toHaveProperty('code', 'lambda-at-edge');
    expect(await planOf(associated({ FunctionAssociations: { Quantity: 1, Items: [{ FunctionARN: 'arn' }] } }))).toHaveLength(1);
  });
});

it.each(['', '/index.html', 'in dex.html', 'a\nb'])('does not take %j for an object', (defaultRootObject) => {
  expect(rule.parameters?.safeParse({ defaultRootObject }).success).toBe(false);
});

it('lists the distributions of all pages', async () => {
  const aws = {
    async send({ input }: { input: { Marker?: string } }) {
      return { DistributionList: input.Marker ? { Items: [{ Id: 'B' }] } : { Items: [{ Id: 'A' }], NextMarker: 'more' } };
    },
  } as never;
  expect(await rule.list?.({ partition: 'aws', account: '111122223333', region: 'us-east-1' }, aws)).toEqual(['A', 'B']);
});

describe('the command', () => {
  const emulator = useEmulator();

  it('changes nothing where somebody has set another object since, and writes only over what it has read', async () => {
    const account = await emulator.account();
    const aws = connect([CloudFrontClient], account);
    const Id = await newDistribution({ ...account, send: aws.send } as never, [server], { DefaultRootObject: 'theirs.html' });
    await expect(aws.send(new SetRootObjectCommand({ Id, DefaultRootObject: 'index.html', before: '' }))).rejects.toThrow(
      'changed from `` to `theirs.html` since the inspection',
    );
    emulator.gateway.clear();
    await aws.send(new SetRootObjectCommand({ Id, DefaultRootObject: 'index.html', before: 'theirs.html' }));
    expect(emulator.gateway.calls.map(({ operation }) => operation)).toEqual(['GetDistributionConfig', 'UpdateDistribution']);
    const { DistributionConfig } = await aws.send(new GetDistributionConfigCommand({ Id }));
    expect(DistributionConfig?.DefaultRootObject).toBe('index.html');
  });

  it('names the version of what it has read', async () => {
    const writes: object[] = [];
    const client = {
      middlewareStack: { concat: () => ({ resolve: () => async () => ({ output: { ETag: 'E1', DistributionConfig: {} } }) }) },
    };
    const command = new SetRootObjectCommand({ Id: 'A', DefaultRootObject: 'index.html', before: '' });
    const resolve = jest.spyOn(UpdateDistributionCommand.prototype, 'resolveMiddleware').mockImplementation(function (this: {
      input: object;
    }) {
      writes.push(this.input);
      return async () => ({ response: {}, output: {} }) as never;
    });
    await command.resolveMiddleware(client.middlewareStack as never, { requestHandler: {} } as never)(command as never);
    resolve.mockRestore();
    expect(writes).toEqual([{ Id: 'A', IfMatch: 'E1', DistributionConfig: { DefaultRootObject: 'index.html' } }]);
  });
});
