import type { Place } from '../../rules/rule';

/** A resource as Security Hub and AWS Config name it. */
export interface ReportedResource {
  /** CloudFormation type, which is also AWS Config's. */
  readonly type: string;
  /** The `Id` in a Security Hub finding. */
  readonly arn: string;
  /** Where it is not the type without colons. */
  readonly securityHubType?: string;
  /** The `resourceId` of AWS Config; the ARN's last part unless given. */
  readonly configId?: string;
}

/** The account and region that events are of unless they say otherwise. */
export const home: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

/** One resource of each sort that the first rules look at, named as AWS names them. */
export const resources = ({ partition, account, region }: Place = home) => {
  const regional = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  return {
    bucket: { type: 'AWS::S3::Bucket', arn: `arn:${partition}:s3:::invoices-${account}`, configId: `invoices-${account}` },
    account: { type: 'AWS::::Account', arn: `AWS::::Account:${account}`, configId: account },
    securityGroup: {
      type: 'AWS::EC2::SecurityGroup',
      arn: regional('ec2', 'security-group/sg-0a1b2c3d4e5f60718'),
      configId: 'sg-0a1b2c3d4e5f60718',
    },
    vpc: { type: 'AWS::EC2::VPC', arn: regional('ec2', 'vpc/vpc-0f1e2d3c4b5a69788'), configId: 'vpc-0f1e2d3c4b5a69788' },
    snapshot: {
      type: 'AWS::EC2::Snapshot',
      arn: `arn:${partition}:ec2:${region}::snapshot/snap-0123456789abcdef0`,
      configId: 'snap-0123456789abcdef0',
    },
    instance: { type: 'AWS::EC2::Instance', arn: regional('ec2', 'instance/i-0fedcba9876543210'), configId: 'i-0fedcba9876543210' },
    user: { type: 'AWS::IAM::User', arn: `arn:${partition}:iam::${account}:user/finance/emea/jane.doe`, configId: 'AIDACKCEVSQ6C2EXAMPLE' },
    key: {
      type: 'AWS::KMS::Key',
      arn: regional('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'),
      configId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    },
    trail: {
      type: 'AWS::CloudTrail::Trail',
      arn: regional('cloudtrail', 'trail/management-events'),
      configId: regional('cloudtrail', 'trail/management-events'),
    },
    databaseInstance: { type: 'AWS::RDS::DBInstance', arn: regional('rds', 'db:orders'), configId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
    databaseSnapshot: {
      type: 'AWS::RDS::DBSnapshot',
      arn: regional('rds', 'snapshot:orders-before-upgrade'),
      configId: 'orders-before-upgrade',
    },
    clusterSnapshot: { type: 'AWS::RDS::DBClusterSnapshot', arn: regional('rds', 'cluster-snapshot:ledger-2026'), configId: 'ledger-2026' },
    lambdaFunction: { type: 'AWS::Lambda::Function', arn: regional('lambda', 'function:resize-images'), configId: 'resize-images' },
  } as const satisfies Record<string, ReportedResource>;
};
