import { type App, Aws, CfnCondition, CfnParameter, Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import { type CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Rule } from '../../rules/rule';
import { namesOf } from '../names';
import { statementsOf } from './grants';
import { readerRoles } from './reader-roles';
import { sweepRole } from './sweep-role';
import { centralRole } from './trust';
import { acknowledgeWildcards } from './wildcards';

/** The member roles with which the rules inspect and change the resources of an account, one per rule, and those of the readers. The parameter names the central account. */
export function memberStack(app: App, entries: readonly CatalogueEntry[]): Stack {
  const stack = new Stack(app, 'PostureMember', {
    description: 'Posture remediator: member roles for the central account.',
    // The template limit of CloudFormation is 1 MB, and a third of it would be white space.
    suppressTemplateIndentation: true,
  });
  Validations.of(stack).acknowledge({
    id: 'CloudFormation-Validate::W9052',
    reason:
      'The template has more statements than the validator of the CDK reads in its budget. The tests run cfn-lint and cdk-nag on all of it.',
  });
  const centralAccount = centralAccountOf(stack);
  const writes = mayWrite(stack);
  for (const { rule } of entries) memberRole(stack, rule, { centralAccount, writes });
  readerRoles(stack, centralAccount);
  sweepRole(
    stack,
    entries.map(({ rule }) => rule),
    centralAccount,
  );
  return stack;
}

/** Whether the roles may also change resources. Until somebody says so, they only read. */
function mayWrite(stack: Stack): CfnCondition {
  const given = new CfnParameter(stack, 'Grants', {
    default: 'read',
    allowedValues: ['read', 'write'],
    description: 'read: the roles only inspect resources. write: they also make the changes that the policy permits.',
  });
  return new CfnCondition(stack, 'Writes', { expression: Fn.conditionEquals(given.valueAsString, 'write') });
}

function centralAccountOf(stack: Stack): string {
  const given = new CfnParameter(stack, 'CentralAccount', {
    default: '',
    allowedPattern: '^([0-9]{12})?$',
    constraintDescription: 'has to be an account id of twelve digits, or empty for this very account',
    description: 'The id of the central account. Leave empty if it is this account.',
  });
  const here = new CfnCondition(stack, 'CentralAccountIsHere', { expression: Fn.conditionEquals(given.valueAsString, '') });
  return Fn.conditionIf(here.logicalId, Aws.ACCOUNT_ID, given.valueAsString).toString();
}

interface MemberRoleProps {
  readonly centralAccount: string;
  readonly writes: CfnCondition;
}

function memberRole(stack: Stack, rule: Rule, { centralAccount, writes }: MemberRoleProps): void {
  const { memberRole: roleName, functionRole } = namesOf(rule.id);
  const statements = statementsOf(rule);
  const Statement = [
    ...statements.always.map((statement) => statement.toStatementJson()),
    ...statements.writes.map((statement) => Fn.conditionIf(writes.logicalId, statement.toStatementJson(), Aws.NO_VALUE)),
  ];
  const role = new Role(new Construct(stack, rule.id), 'MemberRole', {
    roleName,
    description: `${rule.title}.`.replace(/[^\x20-\x7e]/g, '').slice(0, 1000),
    assumedBy: centralRole(centralAccount, functionRole),
    maxSessionDuration: Duration.hours(1),
  });
  // Not by the construct, whose statements can't have conditions of CloudFormation.
  (role.node.defaultChild as CfnRole).policies = [{ policyName: 'rule', policyDocument: { Version: '2012-10-17', Statement } }];
  acknowledgeWildcards(role, statements.always);
}
