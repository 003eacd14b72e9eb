import { CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import type { World } from '../contract/scenario';
import { pieces } from '../demo/account/account';
import type { Past } from '../emulator/gateway/past';
import type { ReportedResource } from '../events/resources';
import { newBucket } from '../rules/s3/new-bucket';

/** One of the rules, and a resource that violates it. */
export interface Violation {
  /** The control of Security Hub that reports it. */
  readonly control: string;
  readonly resource: (world: World) => Promise<ReportedResource>;
}

/** The resource of the demo's account that violates this control. */
function asInTheDemo(control: string): Violation {
  const piece = pieces.find((one) => one.control === control && one.ends === 'fixed');
  if (!piece) throw new Error(`The demo has no violation of ${control}.`);
  return { control, resource: (world) => piece.resource(world, noPast) };
}

/** None of these resources has to have been made long ago. */
const noPast = {} as Past;

const arn = ({ partition, region, account }: World, service: string, rest: string) =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;

const bucket = (control: string, prepare = async (_: World, _name: string): Promise<void> => {}): Violation => ({
  control,
  async resource(world) {
    const name = await newBucket(world);
    await prepare(world, name);
    return { type: 'AWS::S3::Bucket', arn: `arn:${world.partition}:s3:::${name}`, configId: name };
  },
});

const bucketForOthers = bucket('S3.6', async (world, Bucket) => {
  const Principal = { AWS: 'arn:aws:iam::210987654321:root' };
  const statement = {
    Effect: 'Allow',
    Principal,
    Action: ['s3:GetObject', 's3:PutBucketPolicy'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  };
  await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }));
});

/** The topic is that of the policy. */
const bucketWithoutEvents = bucket('S3.11', async (world) => {
  await world.send(new CreateTopicCommand({ Name: 'bucket-events' }));
});

const keyToBeDeleted: Violation = {
  control: 'KMS.3',
  async resource(world) {
    const { KeyMetadata: { KeyId = '', Arn = '' } = {} } = await world.send(new CreateKeyCommand({}));
    await world.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    return { type: 'AWS::KMS::Key', arn: Arn, configId: KeyId };
  },
};

const table: Violation = {
  control: 'DynamoDB.6',
  async resource(world) {
    await world.send(
      new CreateTableCommand({
        TableName: 'orders',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    return { type: 'AWS::DynamoDB::Table', arn: arn(world, 'dynamodb', 'table/orders'), configId: 'orders' };
  },
};

const logGroup: Violation = {
  control: 'CloudWatch.16',
  async resource(world) {
    const logGroupName = '/shop/orders';
    await world.send(new CreateLogGroupCommand({ logGroupName }));
    await world.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    return { type: 'AWS::Logs::LogGroup', arn: arn(world, 'logs', `log-group:${logGroupName}`), configId: logGroupName };
  },
};

/** The rules that the deployed app is judged by: fixed by name, and none leaves the list because it fails. */
export const twentyRules: readonly Violation[] = [
  asInTheDemo('S3.5'),
  asInTheDemo('S3.8'),
  asInTheDemo('S3.14'),
  bucketForOthers,
  bucketWithoutEvents,
  bucket('S3.13'),
  asInTheDemo('EC2.2'),
  asInTheDemo('EC2.14'),
  asInTheDemo('EC2.15'),
  asInTheDemo('IAM.7'),
  keyToBeDeleted,
  asInTheDemo('KMS.4'),
  asInTheDemo('Lambda.1'),
  asInTheDemo('SQS.1'),
  asInTheDemo('SQS.3'),
  logGroup,
  asInTheDemo('SNS.1'),
  table,
  asInTheDemo('RDS.7'),
  asInTheDemo('CloudTrail.4'),
];
