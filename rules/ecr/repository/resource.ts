import { ListTagsForResourceCommand } from '@aws-sdk/client-ecr';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of repositories, for grants. */
export const repositories = 'arn:{partition}:ecr:{region}:{account}:repository/*';

/** A private repository, by its name. */
export const repository: ResourceKind = {
  type: 'AWS::ECR::Repository',
  arn: 'arn:{partition}:ecr:{region}:{account}:repository/{slashedId}',
  scope: 'regional',
  changedBy: {
    service: 'ecr',
    calls: {
      'requestParameters.repositoryName': [
        'CreateRepository',
        'PutImageScanningConfiguration',
        'PutImageTagMutability',
        'DeleteLifecyclePolicy',
        'SetRepositoryPolicy',
        'DeleteRepositoryPolicy',
      ],
    },
  },
  target: ({ id }) => ({ repositoryName: id }),
  permissions: [{ actions: ['ecr:ListTagsForResource'], on: repositories }],

  async tags({ arn }, aws) {
    const answer = await undefinedOn(['RepositoryNotFoundException'], aws.send(new ListTagsForResourceCommand({ resourceArn: arn })));
    return Object.fromEntries((answer?.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
