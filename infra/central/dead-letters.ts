import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { hourlyRoute, names, namesOf, ownNames, policyRoutes } from '../names';

/** The dead-letter queues, for an operator to inspect and replay. */
export interface DeadLetters {
  /** Events that EventBridge could not deliver to a function. */
  readonly undelivered: Queue;
  /** Events that a function could not process. */
  readonly failed: Queue;
}

/** With requests, the bus for them has a route, too; with reports, their schedule has one. */
export function deadLetters(
  scope: Construct,
  { requests, reports }: { readonly requests: boolean; readonly reports: boolean },
): DeadLetters {
  const rules = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule`;
  const undelivered = queue(scope, 'Undelivered', names.undelivered);
  undelivered.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RoutesSend',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [undelivered.queueArn],
      conditions: {
        ArnLike: {
          'aws:SourceArn': [
            ...[
              namesOf('*').route,
              ownNames('control').route,
              `${ownNames('dispatch').route}*`,
              ownNames('reconcile').route,
              ownNames('sweep').route,
              ownNames('archive').route,
              ownNames('seal').route,
              ...(reports ? [ownNames('report').route] : []),
              hourlyRoute,
              ...Object.values(policyRoutes),
            ],
            `${names.bus}/${ownNames('notify').route}`,
            ...(requests ? [`${names.requestBus}/${ownNames('requests').route}`] : []),
          ].map((name) => `${rules}/${name}`),
        },
      },
    }),
  );
  return { undelivered, failed: queue(scope, 'Failed', names.failed) };
}

function queue(scope: Construct, id: string, queueName: string): Queue {
  const made = new Queue(scope, id, {
    queueName,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(made).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is itself a dead-letter queue, and has an alarm.' });
  return made;
}
