import { Duration, type IResolvable, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnEventInvokeConfig,
  type CfnEventSourceMapping,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { functionArn } from './arn';
import { lambdaAndScheduler, type OwnSchedules, onlyByScheduler, schedulesItself } from './own-schedules';
import { allow } from './statement';
import { acknowledgeTracing, trace } from './tracing';

export interface FunctionProps {
  readonly name: string;
  readonly description: string;
  /** The folder of the bundle. */
  readonly code: string;
  readonly memorySize?: number;
  /** Of the folder for temporary files, in megabytes; left out, 512. */
  readonly storageSize?: number;
  /** In seconds. */
  readonly timeout: number;
  readonly role: { readonly name: string; readonly description: string; readonly statements: readonly PolicyStatement[] };
  readonly environment?: (role: Role) => Record<string, string>;
  /** A CloudFormation expression: a number, or no value. Without it, the function shares the concurrency of the account. */
  readonly reservedConcurrency?: IResolvable;
  /** The queue for failed events, the alias of asynchronous events, and their maximum age in seconds. */
  readonly failures?: { readonly queue: IQueue; readonly qualifier: string; readonly maxAge: number };
  /** The queue that Lambda reads for the function; so many functions at once. */
  readonly source?: MessageSource;
  /** The table whose stream Lambda reads for the function: so many records at once, gathered for so many seconds. */
  readonly stream?: { readonly table: Table; readonly records: number; readonly seconds: number };
  /** Without them, only Lambda assumes the role. */
  readonly schedules?: OwnSchedules;
  /** The ids of the constructs: with another id, CloudFormation creates another resource. */
  readonly ids?: { readonly logs: string; readonly role: string; readonly function: string };
}

export interface MessageSource {
  readonly queue: IQueue;
  readonly concurrency: number;
  /** How many messages at a time, and for how many seconds they are collected; left out, one. */
  readonly batch?: { readonly size: number; readonly window: number };
  /** A CloudFormation expression; left out, it is always read. */
  readonly enabled?: IResolvable;
}

/** A function of the central account, with its log group, its role, and its queue for failed events. */
export function lambdaFunction(
  scope: Construct,
  {
    name,
    description,
    code,
    memorySize = 512,
    storageSize,
    timeout,
    role: held,
    environment,
    reservedConcurrency,
    failures,
    source,
    stream,
    schedules,
    ids = ownIds,
  }: FunctionProps,
): { readonly lambda: LambdaFunction; readonly role: Role; readonly failures: CfnEventInvokeConfig | undefined } {
  const logGroup = new LogGroup(scope, ids.logs, {
    logGroupName: `/aws/lambda/${name}`,
    // For troubleshooting; the audit log records what was done and why.
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const statements = [
    ...held.statements,
    ...(schedules ? schedulesItself({ function: name, role: held.name }, schedules) : []),
    ...(failures ? [allow(['sqs:SendMessage'], failures.queue.queueArn)] : []),
    ...(source ? [allow([...bySource, 'sqs:ChangeMessageVisibility'], source.queue.queueArn)] : []),
    ...(stream ? [allow([...byStream], `${stream.table.tableArn}/stream/*`), allow([listStreams], '*')] : []),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ...(held.statements.length > 0 ? onlyFrom(name, { schedules, source, stream }) : []),
  ];
  const role = new Role(scope, ids.role, {
    roleName: held.name,
    description: held.description,
    assumedBy: schedules ? lambdaAndScheduler() : new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { function: new PolicyDocument({ statements }) },
  });
  acknowledgeTracing(role);
  const lambda = new LambdaFunction(scope, ids.function, {
    functionName: name,
    description,
    code: Code.fromAsset(code),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize,
    ...(storageSize !== undefined && { ephemeralStorageSize: Size.mebibytes(storageSize) }),
    timeout: Duration.seconds(timeout),
    // The role above contains all permissions.
    role: role.withoutPolicyUpdates(),
    ...(environment && { environment: environment(role) }),
  });
  trace(lambda);
  if (source) read(lambda, source);
  if (stream)
    lambda.addEventSourceMapping('Stream', {
      eventSourceArn: stream.table.tableStreamArn as string,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: stream.records,
      maxBatchingWindow: Duration.seconds(stream.seconds),
      // Until the records expire, after a day: a failure of the function is none of the records.
      bisectBatchOnError: true,
    });
  if (reservedConcurrency)
    (lambda.node.defaultChild as CfnFunction).addPropertyOverride('ReservedConcurrentExecutions', reservedConcurrency);
  return { lambda, role, failures: failures && failuresOf(scope, lambda, failures) };
}

function read(lambda: LambdaFunction, { queue, concurrency, batch, enabled }: MessageSource): void {
  const mapping = lambda.addEventSourceMapping('Source', {
    eventSourceArn: queue.queueArn,
    batchSize: batch?.size ?? 1,
    ...(batch && { maxBatchingWindow: Duration.seconds(batch.window) }),
    maxConcurrency: concurrency,
    reportBatchItemFailures: true,
  });
  if (enabled) (mapping.node.defaultChild as CfnEventSourceMapping).enabled = enabled;
}

/** Calls that Lambda makes with the role itself, and permissions that another service checks when it is called. */
const notByCode = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'sqs:SendMessage'],
  ...['iam:PassRole', 'kms:Decrypt', 'kms:GenerateDataKey'],
];

/** Calls that Lambda makes with the role itself to read a queue. Source: Lambda Developer Guide, Using Lambda with Amazon SQS. */
const bySource = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Calls that Lambda makes with the role itself to read a stream. Source: Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB. */
const byStream = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
/** Has no resource-level permissions. */
const listStreams = 'dynamodb:ListStreams';

/** Credentials of the role are worth nothing outside of the function, which may run as an alias. */
function onlyFrom(
  name: string,
  { schedules, source, stream }: { readonly [name in 'schedules' | 'source' | 'stream']: FunctionProps[name] | undefined },
): readonly PolicyStatement[] {
  const elsewhere = { ArnNotLike: { 'lambda:SourceFunctionArn': [functionArn(name), `${functionArn(name)}:*`] } };
  const effect = Effect.DENY;
  const notActions = [
    ...notByCode,
    ...(schedules ? ['lambda:InvokeFunction'] : []),
    ...(source ? bySource : []),
    ...(stream ? [...byStream, listStreams] : []),
  ];
  return [
    new PolicyStatement({ sid: 'OnlyFromTheFunction', effect, notActions, resources: ['*'], conditions: elsewhere }),
    ...(schedules ? [onlyByScheduler(name, schedules, elsewhere)] : []),
  ];
}

const ownIds = { logs: 'Logs', role: 'FunctionRole', function: 'Function' };

const failuresOf = (
  scope: Construct,
  { functionName }: LambdaFunction,
  { queue, qualifier, maxAge }: NonNullable<FunctionProps['failures']>,
) =>
  new CfnEventInvokeConfig(scope, 'Failures', {
    functionName,
    qualifier,
    maximumEventAgeInSeconds: maxAge,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: queue.queueArn } },
  });
