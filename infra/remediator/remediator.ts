import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Architecture, CfnEventInvokeConfig, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Environment } from '../../functions/rule-function/environment';
import type { Rule } from '../../rules/rule';
import type { Bundle } from '../bundle';
import type { DeadLetters } from '../central/dead-letters';
import type { DeployedPolicy } from '../central/policy';
import { names, namesOf } from '../names';
import { trace } from '../tracing';
import { functionRole } from './function-role';
import { route } from './route';
import { scheduleRole } from './schedule-role';

/** What all rules share. */
export interface Hub {
  readonly log: ITable;
  readonly coordination: ITable;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
}

export interface RemediatorProps {
  readonly rule: Rule;
  readonly bundle: Bundle;
  /** Version of the package. */
  readonly version: string;
  readonly hub: Hub;
}

/** All that one rule needs in the hub: its function with role and logs, its route, and the way to look again later. */
export function remediator(parent: Construct, { rule, bundle, version, hub }: RemediatorProps): void {
  const scope = new Construct(parent, rule.id);
  const { log, coordination, deadLetters, policy } = hub;
  const again = scheduleRole(scope, rule.id, deadLetters.undelivered);
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: namesOf(rule.id).logGroup,
    // For finding out what went wrong; what was done and why is in the audit log.
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = functionRole(scope, { rule, log, coordination, failed: deadLetters.failed, policy, logGroup, scheduleRole: again });

  const environment: Record<keyof Environment, string> = {
    LOG_TABLE: log.tableName,
    COORDINATION_TABLE: coordination.tableName,
    POLICY: policy.configuration,
    BUS: names.bus,
    MEMBER_ROLE: `arn:{partition}:iam::{account}:role/${namesOf(rule.id).memberRole}`,
    HUB_ACCOUNT: Aws.ACCOUNT_ID,
    ACTOR: role.roleArn,
    // Changes with the code alone, so that a deployment leaves the functions alone whose code is the same.
    VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
    SCHEDULE_GROUP: names.scheduleGroup,
    SCHEDULE_ROLE: again.roleArn,
    UNDELIVERED: deadLetters.undelivered.queueArn,
  };
  const lambda = new LambdaFunction(scope, 'Function', {
    functionName: namesOf(rule.id).function,
    description: `${rule.title}.`.slice(0, 256),
    code: Code.fromAsset(bundle.folder),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    // Lambda gives processor time by memory: a start parses half a megabyte of code and opens TLS to four services. Beyond this,
    // the time goes by waiting for AWS, and memory only costs.
    memorySize: 512,
    // Twenty seconds of verification, and the retries of throttled calls before and after.
    timeout: Duration.seconds(120),
    // What it may do is in the role, to the letter.
    role: role.withoutPolicyUpdates(),
    environment,
  });
  trace(lambda);
  new CfnEventInvokeConfig(scope, 'Failures', {
    functionName: lambda.functionName,
    qualifier: '$LATEST',
    maximumEventAgeInSeconds: 6 * 3600,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: deadLetters.failed.queueArn } },
  });
  route(scope, rule, lambda, deadLetters.undelivered);
}
