import { ListTagsForResourceCommand } from '@aws-sdk/client-ssm';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of documents, for grants. */
export const documents = 'arn:{partition}:ssm:{region}:{account}:document/*';

/** The errors by which SSM reports that a document does not exist. */
export const unknown = ['InvalidDocument', 'InvalidResourceId'];

/** A document, by its name. */
export const document: ResourceKind = {
  type: 'AWS::SSM::Document',
  arn: 'arn:{partition}:ssm:{region}:{account}:document/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ssm',
    calls: {
      'requestParameters.name': ['ModifyDocumentPermission'],
    },
  },
  target: ({ id }) => ({ Name: id }),
  permissions: [{ actions: ['ssm:ListTagsForResource'], on: documents }],

  async tags({ id }, aws) {
    const answer = await undefinedOn(unknown, aws.send(new ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: id })));
    return Object.fromEntries((answer?.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
