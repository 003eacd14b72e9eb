import { CfnRule, type CfnRuleProps } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A rule of EventBridge, and the function that it invokes. */
export interface FunctionRoute extends Omit<CfnRuleProps, 'targets'> {
  /** The function; of an alias, the ARN as both. */
  readonly target: { readonly functionArn: string; readonly functionName: string };
  /** Keeps what could not be delivered. */
  readonly undelivered: IQueue;
  /** For how long, in seconds, and how often EventBridge tries. */
  readonly maxAge: number;
  readonly maxRetries: number;
}

/** Routes events, or the ticks of a schedule, to a function. Answers the permission, without which nothing arrives. */
export function routeToFunction(
  scope: Construct,
  id: string,
  { target, undelivered, maxAge, maxRetries, ...rule }: FunctionRoute,
): CfnPermission {
  // Not the CDK construct for a rule, which does not support `$or`.
  const { attrArn } = new CfnRule(scope, id, {
    ...rule,
    targets: [
      {
        id: 'function',
        arn: target.functionArn,
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: maxAge, maximumRetryAttempts: maxRetries },
      },
    ],
  });
  return new CfnPermission(scope, `${id}Invokes`, {
    action: 'lambda:InvokeFunction',
    functionName: target.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: attrArn,
  });
}
