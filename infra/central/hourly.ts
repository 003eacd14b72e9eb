import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventInvokeConfig, CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { channels } from '../../functions/control/channel';
import { hourlyRoute } from '../names';
import type { DeadLetters } from './dead-letters';

/** The schedule of the hourly check by the control function. Returns the resources that need its alias. */
export function hourly(
  scope: Construct,
  lambda: LambdaFunction,
  deadLetters: DeadLetters,
): readonly (CfnEventInvokeConfig | CfnPermission)[] {
  const arn = `${lambda.functionArn}:${channels.hourly}`;
  const { attrArn } = new CfnRule(scope, 'HourlyRoute', {
    name: hourlyRoute,
    description: 'Has the control function compare the counters with the log, and resume remediations.',
    // When the hour is over, with time for the indexes of the log.
    scheduleExpression: 'cron(5 * * * ? *)',
    targets: [
      {
        id: 'function',
        arn,
        deadLetterConfig: { arn: deadLetters.undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 1800, maximumRetryAttempts: 20 },
      },
    ],
  });
  return [
    new CfnPermission(scope, 'HourlyInvokes', {
      action: 'lambda:InvokeFunction',
      functionName: arn,
      principal: 'events.amazonaws.com',
      sourceArn: attrArn,
    }),
    new CfnEventInvokeConfig(scope, 'HourlyFailures', {
      functionName: lambda.functionName,
      qualifier: channels.hourly,
      maximumEventAgeInSeconds: 1800,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: deadLetters.failed.queueArn } },
    }),
  ];
}
