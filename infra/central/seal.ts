import { CfnCondition, CfnParameter, Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { accessOfSeal } from '../../functions/coordination/keys';
import type { SealEnvironment } from '../../functions/seal/environment';
import { prefixes } from '../../functions/seal/keys';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow, allowItems } from '../statement';
import { type AlarmProps, addAlarm, counted } from './alarms';
import type { DeadLetters } from './dead-letters';
import { sealKey } from './seal-key';
import type { Administrators } from './table-policy';

const name = 'seal';

export interface SealProps {
  readonly bundle: Bundle;
  /** Of the archive. */
  readonly bucket: Bucket;
  readonly log: Table;
  readonly coordination: Table;
  readonly deadLetters: DeadLetters;
  readonly administrators: Administrators;
  /** Gets the alarms. */
  readonly topic: Topic;
}

/** The hourly seal of the archive, with its key and the topic that takes the hash of the newest seal out of the account. */
export function seal(parent: Construct, props: SealProps): { readonly topic: Topic } {
  const scope = new Construct(parent, 'Seal');
  const own = ownNames(name);
  const topic = new Topic(scope, 'Topic', { topicName: names.seals, displayName: 'Posture remediator', enforceSSL: true });
  const keys = signingKeys(scope, sealKey(scope, props.administrators).keyArn);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Seals the archive of the log: Merkle roots, chained and signed.',
    code: props.bundle.folder,
    timeout: 900,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that seals the archive of the log.',
      statements: [
        ...objectStatements(props.bucket),
        ...keys.statements,
        allow(['sns:Publish'], topic.topicArn),
        ...allowItems(props.coordination, accessOfSeal.coordination),
      ],
    },
    environment: (): Record<keyof SealEnvironment, string> => ({
      ARCHIVE_BUCKET: props.bucket.bucketName,
      LOG_TABLE: props.log.tableArn,
      COORDINATION_TABLE: props.coordination.tableName,
      SEAL_KEY: keys.key,
      FORMER_KEY: keys.former,
      TOPIC: topic.topicArn,
      HEADS: headsParameter(scope).valueAsString,
    }),
    failures: { queue: props.deadLetters.failed, qualifier: '$LATEST', maxAge: 1800 },
  });
  acknowledge(role, props.bucket);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Has the archive of the log sealed, every hour.',
    scheduleExpression: 'cron(20 * * * ? *)',
    target: lambda,
    undelivered: props.deadLetters.undelivered,
    maxAge: 1800,
    maxRetries: 20,
  });
  alarms(scope, props.topic);
  return { topic };
}

function alarms(scope: Construct, topic: Topic): void {
  alarm('archive-gap', 'The archive has a gap', { metric: counted('ArchiveGaps') });
  alarm('not-sealed', 'The log was not sealed', { metric: counted('Seals', Duration.hours(1)), absentFor: 3 });

  function alarm(called: string, heading: string, props: Omit<AlarmProps, 'name' | 'heading'>): void {
    addAlarm(scope, topic, { name: called, heading, ...props });
  }
}

/** The role can't write a batch, and what is written once stays. */
const objectStatements = ({ bucketArn }: Bucket): readonly PolicyStatement[] => [
  allow(['s3:ListBucket'], bucketArn, { StringLike: { 's3:prefix': [`${prefixes.batches}*`, `${prefixes.seals}*`] } }),
  ...Object.values(prefixes).map((prefix) => allow(['s3:GetObject'], `${bucketArn}/${prefix}*`)),
  ...[prefixes.seals, prefixes.keys].map((prefix) => allow(['s3:PutObject'], `${bucketArn}/${prefix}*`)),
];

/** The key that signs, and the one before it, which signs the seal that names the new one. Both are the key of the stack unless parameters name others. */
function signingKeys(scope: Construct, own: string) {
  const stack = Stack.of(scope);
  const common = {
    default: 'own',
    allowedPattern: '^(own|arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+)$',
    constraintDescription: 'has to be own, or the ARN of a KMS key',
  };
  const key = new CfnParameter(stack, 'SealKey', {
    ...common,
    description: 'The ARN of the KMS key that signs the seals. own: the key of this stack.',
  });
  const former = new CfnParameter(stack, 'FormerSealKey', {
    ...common,
    description: 'The ARN of the KMS key that signed the seals before SealKey. own: the key of this stack.',
  });
  const actions = ['kms:Sign', 'kms:GetPublicKey'];
  const arns = { key: arnOf(key), former: arnOf(former) };
  return { ...arns, statements: [own, arns.key, arns.former].map((arn) => allow(actions, arn)) };

  function arnOf({ node, valueAsString }: CfnParameter): string {
    const isOwn = new CfnCondition(stack, `${node.id}IsOwn`, { expression: Fn.conditionEquals(valueAsString, 'own') });
    return Fn.conditionIf(isOwn.logicalId, own, valueAsString).toString();
  }
}

function headsParameter(scope: Construct): CfnParameter {
  const stack = Stack.of(scope);
  return new CfnParameter(stack, 'SealHeads', {
    default: 'daily',
    allowedValues: ['daily', 'hourly', 'off'],
    description: 'How often the hash of the newest seal is published to the topic posture-seals.',
  });
}

function acknowledge(role: IConstruct, bucket: Bucket): void {
  const id = Stack.of(role).getLogicalId(bucket.node.defaultChild as never);
  Validations.of(role).acknowledge(
    ...Object.values(prefixes).map((prefix) => ({
      id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/${prefix}*]`,
      reason: 'The objects below this prefix alone. They are written once.',
    })),
  );
}
