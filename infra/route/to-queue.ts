import { CfnRule, type CfnRuleProps } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A rule of EventBridge, the queue that it fills, and the one that keeps what could not be delivered in a day. */
export interface QueueRoute extends Omit<CfnRuleProps, 'targets'> {
  readonly queue: Queue;
  readonly failed: Queue;
}

/** Routes events to a queue. Only this rule may send to both queues. */
export function routeToQueue(scope: Construct, id: string, { queue, failed, ...rule }: QueueRoute): void {
  const { attrArn } = new CfnRule(scope, id, {
    ...rule,
    targets: [
      {
        id: 'queue',
        arn: queue.queueArn,
        deadLetterConfig: { arn: failed.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 },
      },
    ],
  });
  for (const to of [queue, failed])
    to.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RouteSends',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [to.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': attrArn } },
      }),
    );
}
