import { Aws, CfnParameter, type Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { roleArn } from '../arn';

/** The roles that may change the retained tables themselves: ARNs, with wildcards. */
export type Administrators = readonly string[];

/** The actions that could replace, alter or delete an item. Source: Service Authorization Reference, Amazon DynamoDB. */
export const alterations = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

/** The other action that writes items: it fails if the key exists. */
export const insertion = 'dynamodb:PartiQLInsert';

/** The actions that could delete a table or its items, or weaken its policy. Source: Service Authorization Reference, Amazon DynamoDB. */
const administration = [
  'dynamodb:UpdateTable',
  'dynamodb:DeleteTable',
  'dynamodb:UpdateContinuousBackups',
  'dynamodb:UpdateTimeToLive',
  'dynamodb:PutResourcePolicy',
  'dynamodb:DeleteResourcePolicy',
];

/** The parameters of the stack that name the administrators of its tables. */
export function tableAdministrators(stack: Stack): Administrators {
  const allowedPattern = '[\\w+=,.@*?/-]+';
  const breakGlass = new CfnParameter(stack, 'BreakGlassRole', {
    type: 'String',
    default: 'posture-break-glass',
    allowedPattern,
    description: 'The name of the role that may change and delete the retained tables in an emergency. It need not exist.',
  });
  const deployment = new CfnParameter(stack, 'DeploymentRole', {
    type: 'String',
    default: 'cdk-*-cfn-exec-role-*',
    allowedPattern,
    description: 'The name of the role with which CloudFormation deploys this stack. The default is that of `cdk bootstrap`.',
  });
  return [breakGlass, deployment].map(({ valueAsString }) => roleArn(valueAsString));
}

/** Only the administrators may change the table itself. CloudFormation is one of them, so that every deployment works. */
export const administeredBy = (administrators: Administrators, tableArn: string): PolicyStatement =>
  denial('OnlyAdministrators', administration, tableArn, { ArnNotLike: { 'aws:PrincipalArn': [...administrators] } });

/** Denies everybody these actions on the table, under the conditions. */
export const denial = (sid: string, actions: string[], tableArn: string, conditions?: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: [tableArn],
    ...(conditions && { conditions }),
  });

/** The ARN of a table of this stack, by its name: the policy is part of the table and can't refer to it. */
export const ownTableArn = (name: string): string => `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${name}`;
