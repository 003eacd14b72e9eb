import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { restStage } from '../../../rules/apigateway/stage/resource';
import rule from '../../../rules/apigateway/stage-cache-encrypted';
import { describeRule } from '../../contract/describe-rule';
import { newRestStage, settingsOf } from './stage/seed';

const plain = { '/*/*/caching/enabled': 'true', '/*/*/caching/dataEncrypted': 'false' };

describeRule(rule, {
  violations: {
    'a stage that caches all answers in plain text': {
      seed: (world) => newRestStage(world, { ...plain, '/*/*/caching/ttlInSeconds': '60', '/*/*/logging/loglevel': 'INFO' }),
      fixed: async (world, arn) =>
        expect(await settingsOf(world, arn)).toMatchObject({
          '*/*': { cachingEnabled: true, cacheDataEncrypted: true, cacheTtlInSeconds: 60, loggingLevel: 'INFO' },
        }),
    },
    'a stage that caches those of one method in plain text': {
      seed: (world) =>
        newRestStage(world, {
          '/*/*/caching/enabled': 'true',
          '/pets/GET/caching/enabled': 'true',
          '/pets/GET/caching/dataEncrypted': 'false',
          '/pets/PUT/caching/dataEncrypted': 'false',
        }),
      fixed: async (world, arn) =>
        expect(await settingsOf(world, arn)).toMatchObject({
          'pets/GET': { cacheDataEncrypted: true },
          'pets/PUT': { cachingEnabled: false, cacheDataEncrypted: false },
        }),
    },
  },
  compliant: {
    'a stage without settings': { seed: newRestStage },
    'a stage that caches nothing': { seed: (world) => newRestStage(world, { '/*/*/caching/dataEncrypted': 'false' }) },
    'a stage whose cache is encrypted': { seed: (world) => newRestStage(world, { '/*/*/caching/enabled': 'true' }) },
  },
  missing: 'arn:aws:apigateway:eu-west-1::/restapis/nosuchapi/stages/prod',
});

const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: restStage.type,
  id: 'prod',
  arn: 'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/prod',
};
const context = { parameters: {}, detectedBy: 'APIGateway.5', now: new Date(0) };

it('waits while the cache is changed', () => {
  expect(rule.plan(resource, { plain: ['*/*'], cache: 'FLUSH_IN_PROGRESS' }, context)).toEqual({
    blocked: expect.stringContaining('FLUSH_IN_PROGRESS'),
    code: 'being-modified',
  });
  expect(rule.plan(resource, { plain: [] }, context)).toEqual([]);
});

it('reads what is done to the cache where that is in the way', async () => {
  const seen = (cacheDataEncrypted: boolean, cacheClusterStatus: string) => {
    const found = { methodSettings: { '*/*': { cachingEnabled: true, cacheDataEncrypted } }, cacheClusterStatus };
    return rule.inspect(resource, { send: async () => found } as never, {});
  };
  expect(await seen(false, 'FLUSH_IN_PROGRESS')).toEqual({ plain: ['*/*'], cache: 'FLUSH_IN_PROGRESS' });
  expect(await seen(false, 'AVAILABLE')).toEqual({ plain: ['*/*'] });
  expect(await seen(true, 'FLUSH_IN_PROGRESS')).toEqual({ plain: [] });
});

it('names the methods of a path with slashes as a patch has to', () => {
  expect(rule.plan(resource, { plain: ['~1pets~1{id}/GET', 'pets/all/GET'] }, context)).toMatchObject([
    {
      do: expect.any(UpdateStageCommand),
      undo: {
        input: {
          restApiId: 'a1b2c3',
          stageName: 'prod',
          patchOperations: [
            { op: 'replace', path: '/~1pets~1{id}/GET/caching/dataEncrypted', value: 'false' },
            { op: 'replace', path: '/pets~1all/GET/caching/dataEncrypted', value: 'false' },
          ],
        },
      },
    },
  ]);
});

it('lists the stages of the APIs of all pages', async () => {
  const aws = {
    async send({ input }: { input: { position?: string; restApiId?: string } }) {
      if (input.restApiId === 'gone') throw Object.assign(new Error(), { name: 'NotFoundException' });
      if (input.restApiId) return { item: [{ stageName: 'one' }, { stageName: 'two' }] };
      return input.position ? { items: [{ id: 'b' }, { id: 'gone' }] } : { items: [{ id: 'a' }], position: 'more' };
    },
  } as never;
  const arn = (name: string) => `arn:aws:apigateway:eu-west-1::/restapis/${name}`;
  expect(await rule.list?.(resource, aws)).toEqual(['a/stages/one', 'a/stages/two', 'b/stages/one', 'b/stages/two'].map(arn));
});
