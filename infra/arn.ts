import { Aws } from 'aws-cdk-lib';

/** The ARN of the roles of this account that have the name, which may have wildcards. */
export const roleArn = (name: string): string => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${name}`;

/** The ARN of the functions of this account and Region that have the name, which may have wildcards. */
export const functionArn = (name: string): string => `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
