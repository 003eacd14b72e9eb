import type { ResourceKind } from '../../rule';
import { domain } from './resource';

/** A domain that runs Elasticsearch: the same API and ARN, under the former service name. */
export const elasticsearchDomain: ResourceKind = {
  ...domain,
  type: 'AWS::Elasticsearch::Domain',
  securityHubType: 'AwsElasticsearchDomain',
};
