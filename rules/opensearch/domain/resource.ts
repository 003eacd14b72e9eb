import { ListTagsCommand } from '@aws-sdk/client-opensearch';
import type { ResourceKind } from '../../rule';
import { domains } from './describe';

/** A domain, by its name. AWS Config puts the account and a slash before it. */
export const domain: ResourceKind = {
  type: 'AWS::OpenSearch::Domain',
  securityHubType: 'AwsOpenSearchServiceDomain',
  arn: 'arn:{partition}:es:{region}:{account}:domain/{id}',
  alsoAs: ['{account}/{id}'],
  scope: 'regional',
  changedBy: {
    service: 'es',
    calls: {
      'requestParameters.domainName': ['CreateDomain', 'UpdateDomainConfig'],
    },
  },
  target: ({ id }) => ({ DomainName: id }),
  permissions: [{ actions: ['es:ListTags'], on: domains }],

  async tags({ arn }, aws) {
    const { TagList = [] } = await aws.send(new ListTagsCommand({ ARN: arn }));
    return Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
