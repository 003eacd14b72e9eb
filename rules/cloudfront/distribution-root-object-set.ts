import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { distributionReading, listDistributions, readConfiguration } from './distribution/read';
import { distribution, distributions } from './distribution/resource';
import { SetRootObjectCommand } from './distribution/root-object';

const parameters = z.strictObject({
  defaultRootObject: z
    .string()
    .regex(/^[A-Za-z0-9_.*$~"'&-][A-Za-z0-9_.*$~"'&/-]{0,254}$/)
    .describe('The object that CloudFront returns for `/`, without a leading slash (`index.html`). The origin must have it.'),
});

export default defineRule({
  id: 'cloudfront-distribution-root-object-set',
  title: 'CloudFront distributions have a default root object',
  why: 'Without a default root object, a request for `/` goes to the origin, which may return a list of all its objects.',
  impact:
    'A request for `/` returns the object of the parameter, or an error if the origin does not have it; the origin no longer receives requests for `/`. The deployment takes some minutes.',
  severity: 'high',
  risk: 'disruptive',
  resource: distribution,
  property: 'DistributionConfig.DefaultRootObject',
  detectedBy: { securityHub: ['CloudFront.1'], config: ['cloudfront-default-root-object-configured'] },
  permissions: {
    inspect: distributionReading,
    change: { actions: ['cloudfront:UpdateDistribution'], on: distributions },
  },
  clients: [CloudFrontClient],
  commands: [SetRootObjectCommand],
  parameters,

  async inspect({ id }, aws) {
    const configuration = await readConfiguration(id, aws);
    return configuration ? { rootObject: configuration.DefaultRootObject ?? '' } : notFound;
  },

  plan({ id }, { rootObject }, { parameters: { defaultRootObject } }) {
    if (rootObject !== '') return [];
    const set = (DefaultRootObject: string, before: string) => new SetRootObjectCommand({ Id: id, DefaultRootObject, before });
    return [{ do: set(defaultRootObject, ''), undo: set('', defaultRootObject) }];
  },

  list: (_, aws) => listDistributions(aws),
});
