import { Aws, Duration, type Stack, Validations } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ownNames, readerRole } from '../names';
import { allow } from '../statement';
import { centralRole } from './trust';

/** What the dispatcher asks AWS Config of an account, and what the reconciliation reads in the central one. */
const roles = {
  dispatch: { description: 'Tells which managed rules the Config rules are.', statements: () => [describeRules()] },
  reconcile: {
    description: 'Reads open findings and noncompliant resources.',
    statements: () => [
      describeRules(),
      allow(['config:GetComplianceDetailsByConfigRule'], `arn:${Aws.PARTITION}:config:*:${Aws.ACCOUNT_ID}:config-rule/*`),
      allow(['securityhub:GetFindings'], `arn:${Aws.PARTITION}:securityhub:*:${Aws.ACCOUNT_ID}:hub/default`),
    ],
  },
} as const;

/** AWS Config supports no resource for it. */
const describeRules = (): PolicyStatement => allow(['config:DescribeConfigRules'], '*');

/** The member roles of the functions that belong to no rule. They only read. */
export function readerRoles(stack: Stack, centralAccount: string): void {
  for (const name of ['dispatch', 'reconcile'] as const) {
    const { description, statements } = roles[name];
    const role = new Role(new Construct(stack, name), 'MemberRole', {
      roleName: readerRole(name),
      description,
      assumedBy: centralRole(centralAccount, ownNames(name).functionRole),
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: { reader: new PolicyDocument({ statements: statements() }) },
    });
    Validations.of(role).acknowledge(
      ...[
        '*',
        'arn:<AWS::Partition>:config:*:<AWS::AccountId>:config-rule/*',
        'arn:<AWS::Partition>:securityhub:*:<AWS::AccountId>:hub/default',
      ].map((arn) => ({ id: `AwsSolutions-IAM5[Resource::${arn}]`, reason: 'It only reads, in any Region of the account.' })),
    );
  }
}
