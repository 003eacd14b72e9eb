import { CloudFrontClient, GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { connect } from '../../../functions/aws/connection';
import { SetRootObjectCommand } from '../../../rules/cloudfront/distribution/root-object';
import rule from '../../../rules/cloudfront/distribution-root-object-set';
import { describeRule } from '../../contract/describe-rule';
import { useEmulator } from '../../emulator/use';
import { configurationOf, newDistribution, server } from './distribution/seed';

describeRule(rule, {
  parameters: { defaultRootObject: 'index.html' },
  violations: {
    'a distribution without a default root object': {
      seed: (world) => newDistribution(world, [server], { HttpVersion: 'http3', PriceClass: 'PriceClass_100' }),
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
    'a distribution with another root object': { seed: (world) => newDistribution(world, [server], { DefaultRootObject: 'home.html' }) },
  },
  obstacles: {
    'no object to give': {
      seed: (world) => newDistribution(world, [server]),
      parameters: { defaultRootObject: '/index.html' },
      outcome: 'not-configured',
    },
  },
  missing: 'E0NOSUCHONE',
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
