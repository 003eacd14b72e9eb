import type { ResourceKind, Rule } from '../../rules/rule';

const kind = (type: string, arn: string, resolve?: ResourceKind['resolve']): ResourceKind => ({
  type,
  arn,
  scope: 'regional',
  ...(resolve ? { resolve } : {}),
});

const resolvable: ResourceKind['resolve'] = () => Promise.reject(new Error('An adapter asks AWS nothing.'));

/** The kinds of the resources in `test/events/resources.ts`, by the same names. */
export const kinds = {
  bucket: kind('AWS::S3::Bucket', 'arn:{partition}:s3:::{id}'),
  account: kind('AWS::::Account', 'AWS::::Account:{account}'),
  securityGroup: kind('AWS::EC2::SecurityGroup', 'arn:{partition}:ec2:{region}:{account}:security-group/{id}'),
  vpc: kind('AWS::EC2::VPC', 'arn:{partition}:ec2:{region}:{account}:vpc/{id}'),
  snapshot: kind('AWS::EC2::Snapshot', 'arn:{partition}:ec2:{region}::snapshot/{id}'),
  instance: kind('AWS::EC2::Instance', 'arn:{partition}:ec2:{region}:{account}:instance/{id}'),
  user: kind('AWS::IAM::User', 'arn:{partition}:iam::{account}:user/{path}{id}', resolvable),
  key: kind('AWS::KMS::Key', 'arn:{partition}:kms:{region}:{account}:key/{id}'),
  trail: kind('AWS::CloudTrail::Trail', 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}'),
  databaseInstance: kind('AWS::RDS::DBInstance', 'arn:{partition}:rds:{region}:{account}:db:{id}', resolvable),
  databaseSnapshot: kind('AWS::RDS::DBSnapshot', 'arn:{partition}:rds:{region}:{account}:snapshot:{id}'),
  clusterSnapshot: kind('AWS::RDS::DBClusterSnapshot', 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:{id}'),
  lambdaFunction: kind('AWS::Lambda::Function', 'arn:{partition}:lambda:{region}:{account}:function:{id}'),
} as const;

/** What an adapter needs of a rule. */
export type Sought = Pick<Rule, 'id' | 'detectedBy' | 'resource'>;

export const versioning: Sought = {
  id: 's3-bucket-versioning-enabled',
  detectedBy: { securityHub: ['S3.14'], config: ['s3-bucket-versioning-enabled'] },
  resource: kinds.bucket,
};

export const sought = (
  resource: Sought['resource'],
  securityHub: readonly string[] = ['S3.14'],
  config: readonly string[] = [],
): Sought => ({
  id: 'a-rule',
  detectedBy: { securityHub, config },
  resource,
});
