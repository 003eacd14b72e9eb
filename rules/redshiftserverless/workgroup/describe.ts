import { ListWorkgroupsCommand, type Workgroup } from '@aws-sdk/client-redshift-serverless';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of workgroups, for grants. */
export const workgroups = 'arn:{partition}:redshift-serverless:{region}:{account}:workgroup/*';

/** The workgroups of an account and region. No call accepts the id in the ARN. */
export const readWorkgroups = (aws: Aws): Promise<readonly Workgroup[]> =>
  collect(
    (nextToken) => aws.send(new ListWorkgroupsCommand({ nextToken })),
    (answer) => answer.workgroups,
    ({ nextToken }) => nextToken,
  );
