import { Duration, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { logIndexes } from '../../functions/log/indexes';
import type { ReportEnvironment } from '../../functions/report/scheduled/environment';
import type { Cadence } from '../../functions/report/scheduled/period';
import { reportPrefix } from '../../functions/report/scheduled/scheduled-report';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { nagArn } from '../nag-arn';
import { ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow } from '../statement';
import { addAlarm } from './alarms';
import type { DeadLetters } from './dead-letters';

const name = 'report';

/** Hours after the end of the period, in UTC: with time for the last events. Not at the full hour, when many schedules begin. */
const schedules: Readonly<Record<Cadence, string>> = {
  weekly: 'cron(6 4 ? * MON *)',
  monthly: 'cron(6 4 1 * ? *)',
  quarterly: 'cron(6 4 1 1,4,7,10 ? *)',
  yearly: 'cron(6 4 1 1 ? *)',
};

export interface ReportsProps {
  readonly cadence: Cadence;
  readonly bundle: Bundle;
  readonly version: string;
  readonly log: Table;
  /** Of the archive, which holds the reports as well. */
  readonly archive: Bucket;
  readonly deadLetters: DeadLetters;
  /** Gets the alarm. */
  readonly topic: Topic;
  /** Gets the message that a report is made. */
  readonly notifications: Topic;
}

/** The function that makes the report of each period when it is over. */
export function reports(
  parent: Construct,
  { cadence, bundle, version, log, archive, deadLetters, topic, notifications }: ReportsProps,
): void {
  const scope = new Construct(parent, 'Reports');
  const own = ownNames(name);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Makes the report of a period when it is over.',
    code: bundle.folder,
    memorySize: 1024,
    // The files are written here before they are sent.
    storageSize: 2048,
    timeout: 900,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that makes reports.',
      statements: [
        allow(['dynamodb:Query'], log.tableArn),
        allow(['dynamodb:Query'], `${log.tableArn}/index/${logIndexes.rule}`),
        allow(['s3:ListBucket'], archive.bucketArn, { StringLike: { 's3:prefix': [`${reportPrefix}*`] } }),
        allow(['s3:GetObject', 's3:PutObject'], archive.arnForObjects(`${reportPrefix}*`)),
        allow(['sns:Publish'], notifications.topicArn),
      ],
    },
    environment: (): Record<keyof ReportEnvironment, string> => ({
      LOG_TABLE: log.tableArn,
      ARCHIVE_BUCKET: archive.bucketName,
      TOPIC: notifications.topicArn,
      CADENCE: cadence,
      VERSION: version,
    }),
    failures: { queue: deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledge(role, archive);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: `Has the report of the last period made: ${cadence}.`,
    scheduleExpression: schedules[cadence],
    target: lambda,
    undelivered: deadLetters.undelivered,
    maxAge: 6 * 3600,
    maxRetries: 60,
  });
  alarm('not-reported', 'A report was not made');

  /** Counted by Lambda: the time limit and a lack of memory leave the function no time to count. */
  function alarm(called: string, heading: string): void {
    addAlarm(scope, topic, { name: called, heading, metric: lambda.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }) });
  }
}

function acknowledge(role: IConstruct, archive: Bucket): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${nagArn(archive)}/${reportPrefix}*]`,
    reason: 'The reports alone. They are written once.',
  });
}
