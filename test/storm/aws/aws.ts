import type { Cells } from './cells';
import { type DynamoDb, dynamoDb } from './dynamodb/dynamodb';
import type { TableShape, Written } from './dynamodb/table';
import { AwsError, NotSimulated } from './error';
import type { Request, Service } from './request';
import { appConfig } from './services/app-config';
import { type CloudTrail, cloudTrail } from './services/cloudtrail';
import { config } from './services/config';
import { ec2 } from './services/ec2';
import { type BusEvent, eventBridge } from './services/event-bridge';
import { iam } from './services/iam';
import { kms } from './services/kms';
import { lambda } from './services/lambda';
import { organizations } from './services/organizations';
import { rds } from './services/rds';
import { s3 } from './services/s3';
import { s3control } from './services/s3control';
import { type Schedule, type Scheduler, scheduler } from './services/scheduler';
import { type HubFindings, securityHub } from './services/security-hub';
import { sns } from './services/sns';
import { sqs } from './services/sqs';
import { sts } from './services/sts';

export interface AwsOptions {
  readonly cells: Cells;
  readonly shapes: readonly TableShape[];
  readonly findings: HubFindings;
  readonly configuration: () => string;
  readonly onWrite: (written: Written, request: Request) => void;
  readonly onSchedule: (schedule: Schedule) => void;
  readonly onEvent: (event: BusEvent) => void;
  readonly onInvoke: (name: string, event: unknown) => void;
}

export interface Aws {
  readonly dynamo: DynamoDb;
  readonly scheduler: Scheduler;
  readonly trail: CloudTrail;
  session(accessKeyId: string): { readonly account: string; readonly arn: string } | undefined;
  /** Carries out one call at once. Throws an AwsError for one that AWS refuses, and another error for one that is not simulated. */
  call(request: Request): object;
}

/** All accounts and services in memory. */
export function inMemoryAws({ cells, shapes, findings, configuration, onWrite, onSchedule, onEvent, onInvoke }: AwsOptions): Aws {
  const dynamo = dynamoDb(shapes, onWrite);
  const schedules = scheduler(onSchedule);
  const trail = cloudTrail();
  const tokens = sts();
  const functions: Service = {
    ...lambda(cells),
    Invoke({ input }) {
      onInvoke(input.FunctionName, JSON.parse(Buffer.from(input.Payload).toString()));
      return { StatusCode: 202 };
    },
  };
  const services: Readonly<Record<string, Service>> = {
    appconfigdata: appConfig(configuration),
    cloudtrail: trail.service,
    appconfig: { ListDeployments: () => ({ Items: [] }) },
    configservice: config(),
    dynamodb: dynamo.service,
    ec2: ec2(cells),
    eventbridge: eventBridge(onEvent),
    iam: iam(cells),
    kms: kms(cells),
    lambda: functions,
    organizations,
    rds: rds(cells),
    s3: s3(cells),
    s3control,
    scheduler: schedules.service,
    securityhub: securityHub(findings),
    sns: sns(cells),
    sqs: sqs(cells),
    sts: tokens.service,
  };
  return {
    dynamo,
    scheduler: schedules,
    trail,
    session: tokens.session,
    call(request) {
      const operation = services[request.service]?.[request.operation];
      if (!operation) throw new NotSimulated(`${request.service}:${request.operation} is not simulated. Add it to test/storm/aws.`);
      return operation(request);
    },
  };
}

/** How a service refuses a call for want of permission. */
export function accessDenied({ service, operation, principal }: Request): AwsError {
  const codes: Readonly<Record<string, string>> = {
    s3: 'AccessDenied',
    ec2: 'UnauthorizedOperation',
    rds: 'AccessDenied',
    sns: 'AuthorizationErrorException',
  };
  const message = `User: ${principal} is not authorized to perform: ${service}:${operation} because no identity-based policy allows the action`;
  return new AwsError(codes[service] ?? 'AccessDeniedException', message, 403);
}
