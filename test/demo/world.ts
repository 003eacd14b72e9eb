import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { connect } from '../../functions/aws/connection';
import type { Aws, Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Account } from '../emulator/account';

const seeding = [
  CloudTrailClient,
  CloudWatchLogsClient,
  EC2Client,
  GuardDutyClient,
  IAMClient,
  KMSClient,
  LambdaClient,
  RDSClient,
  S3Client,
  S3ControlClient,
  SNSClient,
  SQSClient,
];

/** The account as its owner sees it: may do anything, with the commands of all rules and of the seeds. */
export function ownersWorld({ account, region: home, credentials }: Account, rules: readonly Rule[]): World {
  const clients = [...new Set([...seeding, ...rules.flatMap((rule) => rule.clients)])];
  const connections = new Map<string, Aws>();

  const worldIn = (region: string): World => {
    const aws = connections.get(region) ?? connect(clients, { region, credentials });
    connections.set(region, aws);
    return { partition: 'aws', account, region, send: (command) => aws.send(command), in: worldIn };
  };
  return worldIn(home);
}
