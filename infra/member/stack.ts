import { type App, Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Rule } from '../../rules/rule';
import { namesOf } from '../names';
import { statementsOf } from './grants';

/** The roles by which the hub looks at an account's resources and changes them, one a rule. `hubAccount` is that of the hub. */
export function memberStack(app: App, entries: readonly CatalogueEntry[], hubAccount: string = Aws.ACCOUNT_ID): Stack {
  const stack = new Stack(app, 'PostureMember', { description: 'Posture remediator: the roles by which the hub works in this account.' });
  for (const { rule } of entries) memberRole(stack, rule, hubAccount);
  return stack;
}

function memberRole(stack: Stack, rule: Rule, hubAccount: string): void {
  const { memberRole: roleName, functionRole } = namesOf(rule.id);
  // A role in a trust policy has to be there already, and is bound to that one by its hidden id; the condition names whichever there is.
  const hub = new AccountPrincipal(hubAccount).withConditions({
    ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${hubAccount}:role/${functionRole}` },
  });
  const role = new Role(new Construct(stack, rule.id), 'MemberRole', {
    roleName,
    description: `${rule.title}.`.replace(/[^\x20-\x7e]/g, '').slice(0, 1000),
    assumedBy: hub,
    maxSessionDuration: Duration.hours(1),
    inlinePolicies: { rule: new PolicyDocument({ statements: statementsOf(rule) }) },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5',
    reason: 'A rule looks at every resource of its sort: the actions are named one by one, and the ARNs as far as the sort goes.',
  });
}
