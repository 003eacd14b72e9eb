import { Aws, CfnCondition, CfnParameter, Fn, type IResolvable, type Stack } from 'aws-cdk-lib';

/** The accounts whose member roles the functions may assume: those of an organization, or those of a list. */
export interface Members {
  readonly organization: CfnParameter;
  readonly accounts: CfnParameter;
}

export const members = (stack: Stack): Members => ({
  organization: new CfnParameter(stack, 'Organization', {
    default: '',
    allowedPattern: '^(o-[a-z0-9]{10,32})?$',
    constraintDescription: 'has to be the id of an organization such as o-a1b2c3d4e5, or empty',
    description: 'The id of the organization whose accounts are remediated. Leave empty to list the accounts instead.',
  }),
  accounts: new CfnParameter(stack, 'Accounts', {
    default: '',
    allowedPattern: '^([0-9]{12}(,[0-9]{12})*)?$',
    constraintDescription: 'has to be account ids of twelve digits with commas between, or empty for this account alone',
    description: 'Without Organization: the ids of the other accounts that are remediated, with commas between.',
  }),
});

/** The keys and values of StringEquals by which a call reaches the member accounts alone. A template has its own conditions, so each stack gets them. */
export const inMembers = (stack: Stack, members: Members): IResolvable => equalTo(stack, members, 'Resource');

/** Those by which a call comes from the member accounts alone. */
export const byMembers = (stack: Stack, members: Members): IResolvable => equalTo(stack, members, 'Principal');

function equalTo(stack: Stack, { organization, accounts }: Members, side: 'Resource' | 'Principal'): IResolvable {
  const isOfOrganization = isGiven(stack, 'HasOrganization', organization);
  const hasAccounts = isGiven(stack, 'HasAccounts', accounts);
  const listed = Fn.split(',', Fn.join(',', [Aws.ACCOUNT_ID, accounts.valueAsString]));
  return Fn.conditionIf(
    isOfOrganization.logicalId,
    { [`aws:${side}OrgID`]: organization.valueAsString },
    { [`aws:${side}Account`]: Fn.conditionIf(hasAccounts.logicalId, listed, Aws.ACCOUNT_ID) },
  );
}

/** Whether the accounts of an organization are remediated. */
export const hasOrganization = (stack: Stack, { organization }: Members): CfnCondition => isGiven(stack, 'HasOrganization', organization);

function isGiven(stack: Stack, id: string, given: CfnParameter): CfnCondition {
  const made = stack.node.tryFindChild(id) as CfnCondition | undefined;
  return made ?? new CfnCondition(stack, id, { expression: Fn.conditionNot(Fn.conditionEquals(given.valueAsString, '')) });
}
