import { CfnEventInvokeConfig, type CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { channels } from '../../functions/control/channel';
import { policyRoutes } from '../names';
import { routeToFunction } from '../route/to-function';
import type { DeployedPolicy } from './policy';

/** A later event replaces an earlier one, so none is kept longer than this. The minimum of Lambda and EventBridge, in seconds. */
const maxAge = 60;

/**
 * Has the control function copy the policy in force: every minute, and at once when AppConfig completes or rolls back a deployment. Returns
 * the resources that need its alias. A failed copy is not kept: the next minute repeats it, and a metric counts it.
 */
export function policyCopy(
  scope: Construct,
  lambda: LambdaFunction,
  { policy: { application }, undelivered }: { readonly policy: DeployedPolicy; readonly undelivered: IQueue },
): readonly (CfnEventInvokeConfig | CfnPermission)[] {
  const arn = `${lambda.functionArn}:${channels.policy}`;
  const routes = {
    Minutely: { name: policyRoutes.minutely, scheduleExpression: 'rate(1 minute)' },
    Deployed: {
      name: policyRoutes.deployed,
      // Of any type: AppConfig is asked what is in force.
      eventPattern: { source: ['aws.appconfig'], detail: { Application: { Id: [application] } } },
    },
  };
  const permissions = Object.entries(routes).map(([id, route]) => {
    return routeToFunction(scope, `Policy${id}Route`, {
      ...route,
      description: 'Has the control function copy the policy in force from AppConfig.',
      target: { functionArn: arn, functionName: arn },
      undelivered: undelivered,
      maxAge: maxAge,
      maxRetries: 2,
    });
  });
  return [
    ...permissions,
    new CfnEventInvokeConfig(scope, 'PolicyFailures', {
      functionName: lambda.functionName,
      qualifier: channels.policy,
      maximumEventAgeInSeconds: maxAge,
      maximumRetryAttempts: 0,
    }),
  ];
}
