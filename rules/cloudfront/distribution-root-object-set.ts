import { CloudFrontClient, type DistributionConfig } from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { distributionReading, listDistributions, readConfiguration } from './distribution/read';
import { distribution, distributions } from './distribution/resource';
import { SetRootObjectCommand } from './distribution/root-object';
import { isBucketOrigin, isServedByBucket, type Served, servedBy } from './distribution/root-origin';

const parameters = z.strictObject({
  defaultRootObject: z
    .string()
    .regex(/^[A-Za-z0-9_.*$~"'&-][A-Za-z0-9_.*$~"'&/-]{0,254}$/)
    .describe('The object that CloudFront returns for `/`, without a leading slash (`index.html`). The origin must have it.'),
});

/** `served`: only for a distribution of S3 origins without a default root object. `edge`: whether it runs Lambda@Edge functions. */
type State = { readonly rootObject: string; readonly served?: readonly Served[]; readonly edge?: true };

export default defineRule({
  id: 'cloudfront-distribution-root-object-set',
  title: 'CloudFront distributions with S3 origins have a default root object',
  why: 'Without a default root object, a request for `/` goes to the origin, which may return a list of all its objects.',
  impact:
    'A request for `/` returns the object of the parameter, or an error if the origin does not have it; the origin no longer receives requests for `/`. A distribution is not changed if a custom origin, such as an application, serves `/`, or if it has Lambda@Edge functions. The deployment takes some minutes.',
  severity: 'high',
  risk: 'disruptive',
  resource: distribution,
  property: 'DistributionConfig.DefaultRootObject',
  detectedBy: { securityHub: ['CloudFront.1'], config: ['cloudfront-default-root-object-configured'] },
  permissions: {
    inspect: distributionReading,
    change: [
      { actions: ['cloudfront:UpdateDistribution'], on: distributions },
      // CloudFront requires it for a distribution with a web ACL. These are all in this Region.
      { actions: ['wafv2:GetWebACL'], on: 'arn:{partition}:wafv2:*:{account}:global/webacl/*/*' },
    ],
  },
  clients: [CloudFrontClient],
  commands: [SetRootObjectCommand],
  parameters,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const configuration = await readConfiguration(id, aws);
    if (!configuration) return notFound;
    const rootObject = configuration.DefaultRootObject ?? '';
    const applies = rootObject === '' && (configuration.Origins?.Items ?? []).some(isBucketOrigin);
    return {
      rootObject,
      ...(applies && { served: servedBy(configuration) }),
      ...(applies && hasEdgeFunctions(configuration) && { edge: true }),
    };
  },

  plan({ id }, { rootObject, served, edge }, { parameters: { defaultRootObject } }) {
    if (rootObject !== '' || served === undefined) return [];
    if (!isServedByBucket(served, '') || !isServedByBucket(served, defaultRootObject))
      return {
        unfixable: `A custom origin, such as an application, serves \`/\` or \`/${defaultRootObject}\` of this distribution, and would no longer receive requests for \`/\`. Set the default root object manually if that is intended.`,
        code: 'root-served-by-application',
      };
    if (edge)
      return {
        unfixable:
          'The distribution has Lambda@Edge functions. CloudFront then requires lambda:GetFunction and lambda:EnableReplication* of whoever updates it, and these also give access to the code of functions, so the role of this rule does not have them. Set the default root object manually.',
        code: 'lambda-at-edge',
      };
    const set = (DefaultRootObject: string, before: string) => new SetRootObjectCommand({ Id: id, DefaultRootObject, before });
    return [{ do: set(defaultRootObject, ''), undo: set('', defaultRootObject) }];
  },

  list: (_, aws) => listDistributions(aws),
});

/** Whether a cache behavior runs Lambda@Edge functions. CloudFront Functions need no permission. */
const hasEdgeFunctions = ({ DefaultCacheBehavior: rest, CacheBehaviors }: DistributionConfig): boolean =>
  [rest, ...(CacheBehaviors?.Items ?? [])].some((one) => (one?.LambdaFunctionAssociations?.Items ?? []).length > 0);
