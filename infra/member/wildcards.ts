import { Aws, Validations } from 'aws-cdk-lib';
import { Effect, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Acknowledges for cdk-nag the wildcards in the ARNs of these statements. */
export function acknowledgeWildcards(policy: IConstruct, statements: readonly PolicyStatement[]): void {
  Validations.of(policy).acknowledge(
    ...wildcards(statements).map((arn) => ({ id: `AwsSolutions-IAM5[Resource::${arn}]`, reason: reasonFor(arn) })),
  );
}

/** The ARNs with wildcards, as cdk-nag writes them. */
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
    ? 'These actions do not support resource-level permissions; a test checks every grant against the IAM action definitions.'
    : 'A finding can be about any resource of this type, in any Region of the account. The actions are listed individually.';
