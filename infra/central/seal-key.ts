import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { roleArn } from '../arn';
import { ownNames } from '../names';
import type { Administrators } from './table-policy';

/** The key that signs the seals. It never leaves KMS, and is retained when the stack is deleted: the archive is, too. */
export const sealKey = (scope: Construct, administrators: Administrators): Key =>
  new Key(scope, 'Key', {
    description: 'Signs the seals of the log of the Posture remediator.',
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    removalPolicy: RemovalPolicy.RETAIN,
    policy: new PolicyDocument({ statements: protection(administrators) }),
  });

function protection(administrators: Administrators): PolicyStatement[] {
  const [breakGlass = ''] = administrators;
  return [
    new PolicyStatement({ sid: 'ByIam', principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
    denial('OnlyTheSealSigns', ['kms:Sign'], [roleArn(ownNames('seal').functionRole)]),
    // The seals can be verified without it, but no more be made.
    denial('OnlyBreakGlassDeletes', ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial'], [breakGlass]),
    denial('OnlyAdministrators', ['kms:PutKeyPolicy', 'kms:CreateGrant'], administrators),
  ];
}

/** Denies everybody but these the actions on the key. */
const denial = (sid: string, actions: string[], roles: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: ['*'],
    conditions: { ArnNotLike: { 'aws:PrincipalArn': [...roles] } },
  });
