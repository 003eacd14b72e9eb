import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Rule } from '../../rules/rule';
import { routeNameOf } from '../names';
import { eventPatterns } from '../route/event-pattern';

/** After these attempts, EventBridge sends an event to the dead-letter queue. */
const retryPolicy = { maximumEventAgeInSeconds: 6 * 3600, maximumRetryAttempts: 60 };

/** Routes the events of a rule to its function. */
export function route(scope: Construct, rule: Rule, target: LambdaFunction, undelivered: IQueue): void {
  for (const [index, eventPattern] of eventPatterns(rule).entries()) {
    const number = index === 0 ? '' : index + 1;
    // Not the CDK construct for a rule, which does not support `$or`.
    const { attrArn } = new CfnRule(scope, `Route${number}`, {
      name: routeNameOf(rule.id, index),
      description: `${rule.title}.`.slice(0, 512),
      eventPattern,
      targets: [{ id: 'function', arn: target.functionArn, deadLetterConfig: { arn: undelivered.queueArn }, retryPolicy }],
    });
    new CfnPermission(scope, `Route${number}Invokes`, {
      action: 'lambda:InvokeFunction',
      functionName: target.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: attrArn,
    });
  }
}
