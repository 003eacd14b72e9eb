import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Rule } from '../../rules/rule';
import { routeNameOf } from '../names';
import { eventPatterns } from '../route/event-pattern';
import { routeToFunction } from '../route/to-function';

/** Routes the events of a rule to its function. */
export function route(scope: Construct, rule: Rule, target: LambdaFunction, undelivered: IQueue): void {
  for (const [index, eventPattern] of eventPatterns(rule).entries())
    routeToFunction(scope, `Route${index === 0 ? '' : index + 1}`, {
      name: routeNameOf(rule.id, index),
      description: `${rule.title}.`.slice(0, 512),
      eventPattern,
      target,
      undelivered,
      maxAge: 6 * 3600,
      maxRetries: 60,
    });
}
