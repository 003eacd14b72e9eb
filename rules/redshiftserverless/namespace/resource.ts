import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { namespaces, readNamespaces } from './describe';

/** A Redshift Serverless namespace, by the id in its ARN. AWS Config identifies it by its name. */
export const namespace: ResourceKind = {
  type: 'AWS::RedshiftServerless::Namespace',
  arn: 'arn:{partition}:redshift-serverless:{region}:{account}:namespace/{id}',
  scope: 'regional',
  tags: readTags,
  permissions: [
    { actions: ['redshift-serverless:ListTagsForResource'], on: namespaces },
    // IAM supports no resource-level permissions for it.
    { actions: ['redshift-serverless:ListNamespaces'], on: '*' },
  ],

  async resolve(id, _, aws) {
    if (!/^[A-Za-z0-9-]{3,64}$/.test(id)) return undefined;
    const all = await readNamespaces(aws);
    return all.flatMap((one) =>
      one.namespaceArn !== undefined && [one.namespaceName, one.namespaceId].includes(id) ? [one.namespaceArn] : [],
    );
  },
};
