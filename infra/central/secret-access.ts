import { Aws, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { allow } from '../statement';

/** Secrets Manager adds six characters to a name. */
const secretArn = (secret: string): string => {
  const arn = secret.startsWith('arn:') ? secret : `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secret}`;
  return /-[A-Za-z0-9]{6}$/.test(secret) && secret.startsWith('arn:') ? arn : `${arn}-??????`;
};

/** To read one secret, also if a key of yours encrypts it. */
export const readSecret = (secret: string): readonly PolicyStatement[] => [
  allow(['secretsmanager:GetSecretValue'], secretArn(secret)),
  allow(['kms:Decrypt'], keys, {
    StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}` },
    StringLike: { 'kms:EncryptionContext:SecretARN': secretArn(secret) },
  }),
];

const keys = `arn:${Aws.PARTITION}:kms:${Aws.REGION}:*:key/*`;

export function acknowledgeSecret(role: IConstruct, secret: string): void {
  const shown = (arn: string) => arn.replaceAll(/\$\{Token\[(AWS\.\w+)\.\d+\]\}/g, (_, token: string) => `<${token.replace('.', '::')}>`);
  Validations.of(role).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::${shown(secretArn(secret))}]`,
      reason: 'One secret: Secrets Manager adds six characters to its name.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${shown(keys)}]`,
      reason: 'Only through Secrets Manager, and only for this secret. The key policy also has to allow it.',
    },
  );
}
