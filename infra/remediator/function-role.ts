import { Aws, type IResolvable, Names, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { accessOfRule } from '../../functions/coordination/keys';
import { accessOfShownTicket } from '../../functions/ticket-records/ticket-keys';
import type { Rule } from '../../rules/rule';
import type { DeployedPolicy } from '../central/policy';
import type { FunctionProps } from '../function';
import { names, namesOf } from '../names';
import { allow, allowItems, onKeys } from '../statement';

export interface FunctionRoleProps {
  readonly rule: Rule;
  readonly log: Table;
  readonly orders: Table;
  readonly coordination: Table;
  /** Only if the policy names a tracker. */
  readonly tickets?: Table | undefined;
  readonly policy: Pick<DeployedPolicy, 'configurationArn'>;
  readonly inMembers: IResolvable;
  /** Only for a rule with documents. */
  readonly documents?: Bucket | undefined;
}

/** The role of a rule's function: it reads the policy, appends to the log, takes leases, and assumes its own member role. It changes no resource by itself. */
export function functionRole({
  rule,
  log,
  orders,
  coordination,
  tickets,
  policy,
  inMembers,
  documents,
}: FunctionRoleProps): FunctionProps['role'] {
  const access = accessOfRule(rule);
  const memberRole = `arn:${Aws.PARTITION}:iam::*:role/${namesOf(rule.id).memberRole}`;
  return {
    name: namesOf(rule.id).functionRole,
    description: `Execution role of the function for the rule ${rule.id}.`,
    statements: [
      allow(['dynamodb:PartiQLInsert', 'dynamodb:Query'], log.tableArn, onKeys(`${rule.id}/*`)),
      ...allowItems(orders, access.orders),
      ...allowItems(coordination, access.coordination),
      ...(tickets ? allowItems(tickets, accessOfShownTicket) : []),
      allow(['organizations:ListParents'], '*'),
      allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
      new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [memberRole], conditions: { StringEquals: inMembers } }),
      allow(['events:PutEvents'], `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${names.bus}`),
      // Whoever has a URL that it signed reads with its permission.
      ...(documents ? [allow(['s3:PutObject', 's3:GetObject'], documents.arnForObjects(`${rule.id}/*`))] : []),
    ],
  };
}

/** Acknowledges the wildcard in the ARN of the member role for cdk-nag. */
export function acknowledgeMemberRole(role: IConstruct, rule: Rule): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${namesOf(rule.id).memberRole}]`,
    reason: 'A single role name, in the account of the finding. The trust policy of the role controls who can assume it.',
  });
}

/** Acknowledges the wildcard in the ARN of the documents for cdk-nag. */
export function acknowledgeDocuments(role: IConstruct, rule: Rule, documents: Bucket): void {
  // The parameter by which the nested stack gets its ARN.
  const bucket = `referenceto${Names.nodeUniqueId((documents.node.defaultChild as IConstruct).node)}Arn`;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${bucket}>/${rule.id}/*]`,
    reason: 'The documents of its own changes, named by their content.',
  });
}
