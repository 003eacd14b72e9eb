import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';

/** These roles of the central account. A role in a trust policy must exist, and is bound by its internal id; the condition compares only the ARN. */
export const centralRole = (centralAccount: string, ...roles: readonly [string, ...string[]]): IPrincipal =>
  new AccountPrincipal(centralAccount).withConditions({
    ArnEquals: { 'aws:PrincipalArn': oneOrMore(roles.map((role) => `arn:${Aws.PARTITION}:iam::${centralAccount}:role/${role}`)) },
  });

const oneOrMore = (arns: readonly string[]): string | readonly string[] => (arns.length === 1 ? (arns[0] ?? '') : arns);
