import { Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import type { ArchiveEnvironment } from '../../functions/archive/environment';
import { accessOfArchive } from '../../functions/coordination/keys';
import { logIndexes } from '../../functions/log/indexes';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { nagArn } from '../nag-arn';
import { ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow, allowItems } from '../statement';
import { archiveBucket, resultsBucket } from './archive-bucket';
import { archiveQueries } from './archive-queries';
import { auditor } from './auditor';
import type { DeadLetters } from './dead-letters';
import type { DeployedPolicy } from './policy';
import type { RuleOfQuery } from './saved-queries';
import type { Administrators } from './table-policy';

const name = 'archive';

export interface ArchiveProps {
  readonly bundle: Bundle;
  /** With a stream. */
  readonly log: Table;
  readonly orders: Table;
  readonly coordination: Table;
  readonly policy: DeployedPolicy;
  readonly rules: readonly RuleOfQuery[];
  readonly deadLetters: DeadLetters;
  readonly administrators: Administrators;
}

/** The archive of the log: the bucket, the function that writes each event of the table's stream into it and compares both every hour, and what auditors need to query it. */
export function archive(parent: Construct, { rules, ...props }: ArchiveProps): { readonly bucket: Bucket; readonly results: Bucket } {
  const scope = new Construct(parent, 'Archive');
  const bucket = archiveBucket(scope, props.administrators);
  const results = resultsBucket(scope);
  archivingFunction(scope, bucket, props);
  archiveQueries(scope, { archive: bucket, results, rules });
  auditor(scope, { ...props, archive: bucket, results });
  return { bucket, results };
}

function archivingFunction(
  scope: Construct,
  bucket: Bucket,
  { bundle, log, coordination, deadLetters }: Omit<ArchiveProps, 'rules'>,
): void {
  const own = ownNames(name);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Archives the events of the log, and compares the archive with the log.',
    code: bundle.folder,
    memorySize: 1024,
    timeout: 900,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that archives the log.',
      statements: [
        allow(['dynamodb:Query'], `${log.tableArn}/index/${logIndexes.rule}`),
        allow(['dynamodb:BatchGetItem'], log.tableArn),
        ...allowItems(coordination, accessOfArchive.coordination),
        allow(['s3:ListBucket'], bucket.bucketArn),
        allow(['s3:GetObject', 's3:PutObject'], bucket.arnForObjects('log/*')),
      ],
    },
    environment: (): Record<keyof ArchiveEnvironment, string> => ({
      LOG_TABLE: log.tableName,
      COORDINATION_TABLE: coordination.tableName,
      ARCHIVE_BUCKET: bucket.bucketName,
    }),
    // A batch is an object: the longer it is gathered, the fewer there are to write, to seal and to read.
    stream: { table: log, records: 1000, seconds: 60 },
    failures: { queue: deadLetters.failed, qualifier: '$LATEST', maxAge: 3600 },
  });
  acknowledge(role, log, bucket);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Has the log compared with its archive, once an hour.',
    scheduleExpression: 'rate(1 hour)',
    target: lambda,
    undelivered: deadLetters.undelivered,
    // An hour later, the next one comes.
    maxAge: 1800,
    maxRetries: 5,
  });
}

function acknowledge(role: IConstruct, log: Table, bucket: Bucket): void {
  Validations.of(role).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::${nagArn(log)}/stream/*]`,
      reason: 'The stream of the log. Its name is the time at which it was created.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${nagArn(bucket)}/log/*]`,
      reason: 'The batches. The policy of the bucket lets each be written once.',
    },
  );
}
