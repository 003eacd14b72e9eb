import { ListTagsForResourceCommand } from '@aws-sdk/client-redshift-serverless';
import type { ResourceKind } from '../../rule';
import { readWorkgroups, workgroups } from './describe';

/** A workgroup of Redshift Serverless, by the id in its ARN; AWS Config knows it by its name. */
export const workgroup: ResourceKind = {
  type: 'AWS::RedshiftServerless::Workgroup',
  arn: 'arn:{partition}:redshift-serverless:{region}:{account}:workgroup/{id}',
  scope: 'regional',
  permissions: [
    { actions: ['redshift-serverless:ListTagsForResource'], on: workgroups },
    // IAM offers no resource-level permission for it.
    { actions: ['redshift-serverless:ListWorkgroups'], on: '*' },
  ],

  async tags({ arn }, aws) {
    const { tags = [] } = await aws.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  },

  async resolve(id, _, aws) {
    const all = await readWorkgroups(aws);
    return all.find(({ workgroupName, workgroupId }) => workgroupName === id || workgroupId === id)?.workgroupArn;
  },
};
