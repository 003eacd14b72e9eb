import { Aws, CfnCondition, CfnParameter, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { orderKeys } from '../../functions/coordination/keys';
import { nagArn } from '../nag-arn';
import { names } from '../names';
import { allow, onKeys } from '../statement';
import type { DeployedPolicy } from './policy';

export interface AuditorProps {
  readonly archive: Bucket;
  readonly results: Bucket;
  readonly log: Table;
  readonly orders: Table;
  readonly policy: DeployedPolicy;
}

/** The role of auditors, if the parameter names who may assume it: it reads the log, the archive and the policies, and queries the archive. */
export function auditor(scope: Construct, props: AuditorProps): void {
  const stack = Stack.of(scope);
  const auditors = new CfnParameter(stack, 'Auditors', {
    default: '',
    allowedPattern: `^(${principal}(,${principal})*)?$`,
    constraintDescription: 'has to be ARNs of roles or users with commas between, or empty',
    description: 'Who may assume the role posture-auditor: ARNs of roles or users, with commas between. Leave empty for no such role.',
  });
  const isOn = new CfnCondition(stack, 'HasAuditors', {
    expression: Fn.conditionNot(Fn.conditionEquals(auditors.valueAsString, '')),
  });
  const role = new CfnRole(scope, 'Auditor', {
    roleName: names.auditor,
    description: 'Auditors read the log, its archive and the policies with it, and query the archive. It changes nothing.',
    maxSessionDuration: 12 * 3600,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: Fn.split(',', auditors.valueAsString) } }],
    },
    policies: [{ policyName: 'auditor', policyDocument: new PolicyDocument({ statements: [...statements(props)] }) }],
  });
  role.cfnOptions.condition = isOn;
  acknowledge(role, props);
}

// Without the comma, which AWS allows in names, but which separates them here.
const principal = 'arn:[a-z-]{3,12}:iam::[0-9]{12}:(role|user)/[\\w+=.@/-]{1,512}';

function statements({ archive, results, log, orders, policy }: AuditorProps): readonly PolicyStatement[] {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const glue = (what: string) => `arn:${Aws.PARTITION}:glue:${here}:${what}`;
  const workGroup = `arn:${Aws.PARTITION}:athena:${here}:workgroup/${names.archive}`;
  return [
    allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:DescribeTable'], log.tableArn),
    allow(['dynamodb:Query'], `${log.tableArn}/index/*`),
    allow(['dynamodb:BatchGetItem'], orders.tableArn, onKeys(orderKeys.policy, orderKeys.policyCheck)),
    allowAll(
      ['appconfig:GetHostedConfigurationVersion', 'appconfig:ListHostedConfigurationVersions', 'appconfig:GetConfigurationProfile'],
      policy.arns.application,
      policy.arns.profile,
      `${policy.arns.profile}/hostedconfigurationversion/*`,
    ),
    allow(
      ['s3:GetBucketLocation', 's3:GetBucketObjectLockConfiguration', 's3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions'],
      archive.bucketArn,
    ),
    allow(['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'], archive.arnForObjects('*')),
    allow(
      [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:ListQueryExecutions',
        'athena:GetWorkGroup',
        'athena:ListNamedQueries',
        'athena:GetNamedQuery',
        'athena:BatchGetNamedQuery',
      ],
      workGroup,
    ),
    allowAll(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
      glue('catalog'),
      glue(`database/${names.archive}`),
      glue(`table/${names.archive}/*`),
    ),
    allow(['s3:GetBucketLocation', 's3:ListBucket'], results.bucketArn),
    allow(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], results.arnForObjects('*')),
  ];
}

const allowAll = (actions: string[], ...resources: string[]): PolicyStatement => new PolicyStatement({ actions, resources });

function acknowledge(role: CfnRole, { log, archive, results }: AuditorProps): void {
  const acknowledged = {
    [`${nagArn(log)}/index/*`]: 'All indexes of the log.',
    [`${nagArn(archive)}/*`]: 'All objects of the archive.',
    [`${nagArn(results)}/*`]: 'Athena names the results.',
    'arn:<AWS::Partition>:appconfig:<AWS::Region>:<AWS::AccountId>:application/<PolicyApplication6A3948DE>/configurationprofile/<PolicyProfileC8DCEEE4>/hostedconfigurationversion/*':
      'All versions of the policy.',
    'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/posture/*': 'All tables of the archive.',
  };
  for (const [resource, reason] of Object.entries(acknowledged))
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
