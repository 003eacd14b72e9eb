import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { readWorkgroups, workgroups } from './describe';

/** A Redshift Serverless workgroup, by the id in its ARN. AWS Config identifies it by its name. */
export const workgroup: ResourceKind = {
  type: 'AWS::RedshiftServerless::Workgroup',
  arn: 'arn:{partition}:redshift-serverless:{region}:{account}:workgroup/{id}',
  scope: 'regional',
  tags: readTags,
  permissions: [
    { actions: ['redshift-serverless:ListTagsForResource'], on: workgroups },
    // IAM supports no resource-level permissions for it.
    { actions: ['redshift-serverless:ListWorkgroups'], on: '*' },
  ],

  async resolve(id, _, aws) {
    if (!/^[A-Za-z0-9-]{3,64}$/.test(id)) return undefined;
    const all = await readWorkgroups(aws);
    return all.flatMap((one) =>
      one.workgroupArn !== undefined && [one.workgroupName, one.workgroupId].includes(id) ? [one.workgroupArn] : [],
    );
  },
};
