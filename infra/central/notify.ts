import { Aws, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { accessOfNotify } from '../../functions/coordination/keys';
import type { NotifyEnvironment } from '../../functions/notify/environment';
import { schedulePrefix } from '../../functions/notify/remind';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Bundle } from '../bundle';
import { type FunctionProps, lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow, allowItems } from '../statement';
import type { DeadLetters } from './dead-letters';
import type { DeployedPolicy } from './policy';

const name = 'notify';

export interface NotifyProps {
  readonly bundle: Bundle;
  readonly bus: EventBus;
  readonly orders: Table;
  readonly coordination: Table;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

/** The notification function, and the central topic, which needs no policy. */
export function notify(parent: Construct, { bundle, bus, orders, coordination, deadLetters, policy }: NotifyProps): Topic {
  const scope = new Construct(parent, 'Notify');
  const own = ownNames(name);
  const topic = new Topic(scope, 'Topic', { topicName: names.notifications, displayName: 'Posture remediator', enforceSSL: true });
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Sends notifications about outcomes with SNS.',
    code: bundle.folder,
    // Less than the time for which `once` reserves a notification.
    timeout: 60,
    role: notifyRole({ orders, coordination, policy }),
    environment: ({ roleArn }): Record<keyof NotifyEnvironment, string> => ({
      ORDERS_TABLE: orders.tableName,
      COORDINATION_TABLE: coordination.tableName,
      POLICY: policy.configuration,
      TOPIC: topic.topicArn,
      SCHEDULE_GROUP: names.scheduleGroup,
      SCHEDULE_ROLE: roleArn,
      UNDELIVERED: deadLetters.undelivered.queueArn,
    }),
    schedules: { prefix: schedulePrefix, undelivered: deadLetters.undelivered },
    failures: { queue: deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledgeTopics(role);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Routes outcomes to the notification function.',
    eventBusName: bus.eventBusName,
    // Nobody is notified about what was published before, or what no topic of the policy asks for.
    eventPattern: {
      source: [outcomeEnvelope.source],
      'detail-type': [outcomeEnvelope.detailType],
      detail: { notify: [{ exists: false }], repeated: [{ exists: false }] },
    },
    target: lambda,
    undelivered: deadLetters.undelivered,
    maxAge: 6 * 3600,
    maxRetries: 60,
  });
  return topic;
}

function notifyRole({ orders, coordination, policy }: Pick<NotifyProps, 'orders' | 'coordination' | 'policy'>): FunctionProps['role'] {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const topics = `arn:${Aws.PARTITION}:sns:${here}:posture-*`;
  return {
    name: ownNames(name).functionRole,
    description: 'Execution role of the notification function.',
    statements: [
      allow(['sns:Publish'], topics),
      // For topics with a customer managed key, which SNS uses with the permissions of the publisher.
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], `arn:${Aws.PARTITION}:kms:${here}:key/*`, {
        StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.${Aws.URL_SUFFIX}` },
        StringLike: { 'kms:EncryptionContext:aws:sns:topicArn': topics },
      }),
      ...allowItems(orders, accessOfNotify.orders),
      ...allowItems(coordination, accessOfNotify.coordination),
      allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
    ],
  };
}

function acknowledgeTopics(role: IConstruct): void {
  Validations.of(role).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:posture-*]',
      reason: 'The policy names the topics, and only accepts names with this prefix.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*]',
      reason: 'Only through SNS, and only for these topics. The key policy also has to allow it.',
    },
  );
}
