import type { Clock } from '../../functions/clock';
import { controlHandler } from '../../functions/control/handler';
import { handlerFor } from '../../functions/rule-function/handler';
import defaultGroup from '../../rules/ec2/default-security-group-closed';
import adminPorts from '../../rules/ec2/security-group-admin-ports-closed';
import authorizedPorts from '../../rules/ec2/security-group-open-ports-authorized';
import passwordPolicy from '../../rules/iam/password-policy-strong';
import keyRotation from '../../rules/kms/key-rotation-enabled';
import functionPolicy from '../../rules/lambda/function-policy-not-public';
import instanceNotPublic from '../../rules/rds/instance-not-public';
import type { Rule } from '../../rules/rule';
import lifecycle from '../../rules/s3/bucket-lifecycle-configured';
import publicAccess from '../../rules/s3/bucket-public-access-blocked';
import ownAccount from '../../rules/s3/bucket-settings-own-account-only';
import tls from '../../rules/s3/bucket-tls-required';
import versioning from '../../rules/s3/bucket-versioning-enabled';
import topicPolicy from '../../rules/sns/topic-policy-not-public';
import queueEncrypted from '../../rules/sqs/queue-encrypted';
import queuePolicy from '../../rules/sqs/queue-policy-not-public';
import type { Deployed } from './platform';
import { tables } from './tables';

/** Whole documents, several changes, irreversible ones, slow, global, and shared resources. */
export const rules = [
  adminPorts,
  authorizedPorts,
  defaultGroup,
  passwordPolicy,
  keyRotation,
  functionPolicy,
  instanceNotPublic,
  lifecycle,
  publicAccess,
  ownAccount,
  tls,
  versioning,
  topicPolicy,
  queueEncrypted,
  queuePolicy,
] as unknown as readonly Rule[];

const central = '999999999999';

const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'posture',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  LOG_TABLE: tables.log,
  COORDINATION_TABLE: tables.coordination,
  ORDERS_TABLE: tables.orders,
  POLICY: 'application/environment/profile',
  BUS: 'posture',
  CENTRAL_ACCOUNT: central,
  CENTRAL_PARTITION: 'aws',
  ROUTES: '[]',
  VERSION: '1',
};

/** The functions of the product, with its own handlers. */
export function deployed(clock: Clock): ReadonlyMap<string, Deployed> {
  const control = {
    name: 'posture-control',
    writer: 'control',
    arn: functionArn('posture-control'),
    seconds: 60,
    environment,
    start: () => controlHandler(rules, clock) as ReturnType<Deployed['start']>,
  };
  return new Map([[control.name, control], ...rules.map((rule) => [nameOf(rule.id), ruleFunction(rule, clock)] as const)]);
}

/** The name of the function of a rule. */
export const nameOf = (rule: string): string => `posture-rule-${rule}`;

function ruleFunction(rule: Rule, clock: Clock): Deployed {
  const name = nameOf(rule.id);
  return {
    name,
    writer: rule.id,
    arn: functionArn(name),
    seconds: 120,
    environment: {
      ...environment,
      MEMBER_ROLE: `arn:{partition}:iam::{account}:role/posture-${rule.id}`,
      ACTOR: `arn:aws:iam::${central}:role/posture-function-${rule.id}`,
      SCHEDULE_GROUP: 'posture',
      SCHEDULE_ROLE: `arn:aws:iam::${central}:role/posture-function-${rule.id}`,
      UNDELIVERED: `arn:aws:sqs:eu-west-1:${central}:posture-undelivered`,
    },
    start: () => handlerFor(rule, clock) as ReturnType<Deployed['start']>,
  };
}

const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:${central}:function:${name}`;
