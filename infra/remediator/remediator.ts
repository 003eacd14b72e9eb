import { Aws, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../../functions/rule-function/environment';
import type { Rule } from '../../rules/rule';
import type { Bundle } from '../bundle';
import type { DeadLetters } from '../central/dead-letters';
import { inMembers, type Members } from '../central/members';
import type { DeployedPolicy } from '../central/policy';
import { lambdaFunction } from '../function';
import { names, namesOf } from '../names';
import { acknowledgeDocuments, acknowledgeMemberRole, functionRole } from './function-role';
import { route } from './route';

/** The resources that all rules share. */
export interface Central {
  readonly log: Table;
  readonly orders: Table;
  readonly coordination: Table;
  /** Only if the policy names a tracker. */
  readonly tickets?: Table | undefined;
  readonly deadLetters: DeadLetters;
  readonly policy: DeployedPolicy;
  readonly members: Members;
  /** For documents of changes; undefined if no rule has any. */
  readonly documents: Bucket | undefined;
}

export interface RemediatorProps {
  readonly rule: Rule;
  readonly bundle: Bundle;
  /** Version of the package. */
  readonly version: string;
  readonly central: Central;
}

/** The central resources of one rule: its function with role and logs, and its route. */
export function remediator(parent: Construct, { rule, bundle, version, central }: RemediatorProps): void {
  const scope = new Construct(parent, rule.id);
  const { log, orders, coordination, tickets, deadLetters, policy, members } = central;
  const documents = rule.documents ? central.documents : undefined;
  const { lambda, role } = lambdaFunction(scope, {
    name: namesOf(rule.id).function,
    description: `${rule.title}.`.slice(0, 256),
    code: bundle.folder,
    // Twenty seconds of verification, and the retries of throttled calls before and after.
    timeout: 120,
    role: functionRole({
      rule,
      log,
      orders,
      coordination,
      tickets,
      policy,
      inMembers: inMembers(Stack.of(scope), members),
      documents,
    }),
    environment: (own): Record<Exclude<keyof Environment, 'DOCUMENTS' | 'TICKETS_TABLE'>, string> => ({
      LOG_TABLE: log.tableName,
      ORDERS_TABLE: orders.tableName,
      COORDINATION_TABLE: coordination.tableName,
      POLICY: policy.configuration,
      BUS: names.bus,
      MEMBER_ROLE: `arn:{partition}:iam::{account}:role/${namesOf(rule.id).memberRole}`,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
      ACTOR: own.roleArn,
      // Depends only on the code, so that a deployment does not update functions whose code is unchanged.
      VERSION: `${version}+${bundle.hash.slice(0, 12)}`,
      SCHEDULE_GROUP: names.scheduleGroup,
      SCHEDULE_ROLE: own.roleArn,
      UNDELIVERED: deadLetters.undelivered.queueArn,
      ...(tickets && { TICKETS_TABLE: tickets.tableName }),
      ...(documents && { DOCUMENTS: `https://${documents.bucketRegionalDomainName}/${rule.id}` }),
    }),
    schedules: { prefix: rule.id, undelivered: deadLetters.undelivered },
    failures: { queue: deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledgeMemberRole(role, rule);
  if (documents) acknowledgeDocuments(role, rule, documents);
  route(scope, rule, lambda, deadLetters.undelivered);
}
