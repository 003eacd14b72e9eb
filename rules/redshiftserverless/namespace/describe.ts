import { ListNamespacesCommand, type Namespace } from '@aws-sdk/client-redshift-serverless';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of namespaces, for grants. */
export const namespaces = 'arn:{partition}:redshift-serverless:{region}:{account}:namespace/*';

/** The namespaces in an account and region. No call accepts the id in the ARN. */
export const readNamespaces = (aws: Aws): Promise<readonly Namespace[]> =>
  collect(
    (nextToken) => aws.send(new ListNamespacesCommand({ nextToken })),
    (answer) => answer.namespaces,
    ({ nextToken }) => nextToken,
  );
