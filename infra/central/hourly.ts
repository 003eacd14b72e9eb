import { CfnEventInvokeConfig, type CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { channels } from '../../functions/control/channel';
import { hourlyRoute } from '../names';
import { routeToFunction } from '../route/to-function';
import type { DeadLetters } from './dead-letters';

/** The schedule of the hourly check by the control function. Returns the resources that need its alias. */
export function hourly(
  scope: Construct,
  lambda: LambdaFunction,
  deadLetters: DeadLetters,
): readonly (CfnEventInvokeConfig | CfnPermission)[] {
  const arn = `${lambda.functionArn}:${channels.hourly}`;
  return [
    routeToFunction(scope, 'HourlyRoute', {
      name: hourlyRoute,
      description: 'Has the control function compare the counters with the log, and resume remediations.',
      // When the hour is over, with time for the indexes of the log.
      scheduleExpression: 'cron(5 * * * ? *)',
      target: { functionArn: arn, functionName: arn },
      undelivered: deadLetters.undelivered,
      maxAge: 1800,
      maxRetries: 20,
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
