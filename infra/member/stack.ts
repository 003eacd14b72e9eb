import { type App, Aws, CfnCondition, CfnParameter, Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Rule } from '../../rules/rule';
import { namesOf } from '../names';
import { statementsOf } from './grants';

/** The roles by which the hub looks at an account's resources and changes them, one a rule. Where the hub is elsewhere, its parameter says so. */
export function memberStack(app: App, entries: readonly CatalogueEntry[]): Stack {
  const stack = new Stack(app, 'PostureMember', {
    description: 'Posture remediator: the roles by which the hub works in this account.',
    // CloudFormation takes a megabyte, and a third of it would be white space.
    suppressTemplateIndentation: true,
  });
  const centralAccount = centralAccountOf(stack);
  for (const { rule } of entries) memberRole(stack, rule, centralAccount);
  return stack;
}

function centralAccountOf(stack: Stack): string {
  const given = new CfnParameter(stack, 'CentralAccount', {
    default: '',
    allowedPattern: '^([0-9]{12})?$',
    constraintDescription: 'has to be an account id of twelve digits, or empty for this very account',
    description: 'The account of the hub. Left empty: this one.',
  });
  const here = new CfnCondition(stack, 'HubIsHere', { expression: Fn.conditionEquals(given.valueAsString, '') });
  return Fn.conditionIf(here.logicalId, Aws.ACCOUNT_ID, given.valueAsString).toString();
}

function memberRole(stack: Stack, rule: Rule, centralAccount: string): void {
  const { memberRole: roleName, functionRole } = namesOf(rule.id);
  // A role in a trust policy has to be there already, and is bound to that one by its hidden id; the condition names whichever there is.
  const central = new AccountPrincipal(centralAccount).withConditions({
    ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${centralAccount}:role/${functionRole}` },
  });
  const statements = statementsOf(rule);
  const role = new Role(new Construct(stack, rule.id), 'MemberRole', {
    roleName,
    description: `${rule.title}.`.replace(/[^\x20-\x7e]/g, '').slice(0, 1000),
    assumedBy: central,
    maxSessionDuration: Duration.hours(1),
    inlinePolicies: { rule: new PolicyDocument({ statements }) },
  });
  Validations.of(role).acknowledge(
    ...wildcards(statements).map((arn) => ({ id: `AwsSolutions-IAM5[Resource::${arn}]`, reason: reasonFor(arn) })),
  );
}

/** What is allowed on more than one resource, as cdk-nag writes it. */
const wildcards = (statements: readonly PolicyStatement[]): readonly string[] => [
  ...new Set(
    statements
      .filter(({ effect }) => effect === Effect.ALLOW)
      .flatMap(({ resources }) => resources)
      .filter((arn) => arn.includes('*'))
      .map((arn) => arn.replaceAll(Aws.PARTITION, '<AWS::Partition>').replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>')),
  ),
];

const reasonFor = (arn: string): string =>
  arn === '*'
    ? 'IAM has no resource to name for these actions; a test holds every grant against what IAM knows.'
    : 'A finding can be about any resource of this sort, in any region of the account; the actions are named one by one.';
