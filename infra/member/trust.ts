import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';

/** One role of the central account. A role in a trust policy must exist, and is bound by its internal id; the condition compares only the ARN. */
export const centralRole = (centralAccount: string, role: string): IPrincipal =>
  new AccountPrincipal(centralAccount).withConditions({
    ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${centralAccount}:role/${role}` },
  });
