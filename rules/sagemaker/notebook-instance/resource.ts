import { ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';

/** The ARNs of notebook instances, for grants. */
export const notebookInstances = 'arn:{partition}:sagemaker:{region}:{account}:notebook-instance/*';

/** A notebook instance, by its name. */
export const notebookInstance: ResourceKind = {
  type: 'AWS::SageMaker::NotebookInstance',
  arn: 'arn:{partition}:sagemaker:{region}:{account}:notebook-instance/{id}',
  scope: 'regional',
  // ARNs are in lower case, unlike names.
  target: ({ id }) => ({ NotebookInstanceName: (name) => name.toLowerCase() === id.toLowerCase() }),
  permissions: [{ actions: ['sagemaker:ListTags'], on: notebookInstances }],

  async tags({ arn }, aws) {
    const tags = await collect(
      (NextToken) => aws.send(new ListTagsCommand({ ResourceArn: arn, NextToken })),
      ({ Tags }) => Tags,
      ({ NextToken }) => NextToken,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
