import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CancelRotateSecretCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { unless } from '../absence';
import { readPolicy } from '../policy';
import { type Aws, defineRule, gone, type Resource } from '../rule';
import { admits } from '../service-use';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';
import { describeSecret, moreOften, oftenEnough, outOfReach, type Rotation, rotationOf, rulesOf } from './secret/rotation';

const parameters = z.strictObject({
  maximumAllowedRotationFrequency: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .describe('After how many days at the latest a secret has to rotate. If left out, it may rotate as seldom as its owner has said.'),
  everyDays: z.int().min(1).max(365).default(30).describe('After how many days a secret rotates for which nobody has said so.'),
  functionName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional()
    .describe(
      'The Lambda function, of the same account and region, that rotates the secrets which have none. It has to understand each of them, and its policy has to let secretsmanager.amazonaws.com invoke it.',
    ),
});

/** `partner`: whether the function of the parameters lets Secrets Manager in, where the secret has none of its own. */
type State = { readonly rotation: Rotation; readonly partner?: boolean };

const functions = 'arn:{partition}:lambda:{region}:{account}:function:*';

export default defineRule({
  id: 'secretsmanager-secret-rotation-enabled',
  title: 'Secrets rotate by themselves',
  why: 'A secret that never changes stays of use to everybody who ever saw it, or found it in an old backup.',
  impact:
    'The secret gets a new value when its next turn comes, and then again and again: a client that keeps the old one in memory or in a file fails. Nothing changes at once but that AWS tests the rotation function.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: secret,
  property: 'AWS::SecretsManager::RotationSchedule',
  detectedBy: { securityHub: ['SecretsManager.1'], config: ['secretsmanager-rotation-enabled-check'] },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, { actions: ['lambda:GetPolicy'], on: functions }, listing],
    change: [
      {
        actions: ['secretsmanager:RotateSecret'],
        on: secrets,
        // Who rotates a secret gets to know it.
        condition: {
          ArnLikeIfExists: { 'secretsmanager:RotationLambdaARN': 'arn:{partition}:lambda:*:{account}:function:*' },
          Null: { 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
        },
      },
      { actions: ['secretsmanager:CancelRotateSecret'], on: secrets },
      // Secrets Manager asks for it of whoever turns rotation on.
      { actions: ['lambda:InvokeFunction'], on: functions },
    ],
  },
  clients: [SecretsManagerClient, LambdaClient],
  commands: [RotateSecretCommand, CancelRotateSecretCommand],
  parameters,
  settle: 60,

  async inspect(resource, aws, chosen): Promise<State | typeof gone> {
    const found = await describeSecret(resource.arn, aws);
    if (!found) return gone;
    const rotation = rotationOf(found, resource.region);
    const partner = chosen?.functionName;
    if (rotation.isOn || rotation.function !== undefined || partner === undefined) return { rotation };
    return { rotation, partner: await letsIn(partner, resource, aws) };
  },

  plan(resource, { rotation, partner }, { parameters: { maximumAllowedRotationFrequency: most, everyDays, functionName } }) {
    const more = moreOften(resource, rotation, most);
    if (rotation.isOn && more.length === 0) return [];
    const obstacle = outOfReach(rotation);
    if (obstacle) return obstacle;
    if (rotation.isOn) return more;
    if (rotation.function === undefined && functionName === undefined)
      return {
        unfixable:
          'The secret has no rotation function, and none is named in the parameters. Make one for this sort of secret, and name it.',
      };
    if (rotation.function === undefined && partner !== true)
      return {
        unfixable: `The function ${functionName} is not there, or its policy does not let secretsmanager.amazonaws.com invoke it for this secret. Allow it lambda:InvokeFunction there.`,
      };
    const usual = { AutomaticallyAfterDays: Math.min(everyDays, most ?? everyDays) };
    const rules = rulesOf(rotation) === undefined ? usual : oftenEnough(rotation, most);
    const exact = rotation.function !== undefined && rules === undefined;
    return [
      {
        do: new RotateSecretCommand({
          SecretId: resource.arn,
          ...(rotation.function === undefined && { RotationLambdaARN: functionArnOf(functionName ?? '', resource) }),
          ...(rules && { RotationRules: rules }),
          RotateImmediately: false,
        }),
        undo: new CancelRotateSecretCommand({ SecretId: resource.arn }),
        ...(!exact && { nearest: 'Rotation is off again, but AWS remembers the function and the days that it was told.' }),
      },
    ];
  },

  list: listSecrets,
});

const functionArnOf = (name: string, { partition, region, account }: Resource): string =>
  `arn:${partition}:lambda:${region}:${account}:function:${name}`;

async function letsIn(FunctionName: string, resource: Resource, aws: Aws): Promise<boolean> {
  const found = await unless(['ResourceNotFoundException'], aws.send(new GetPolicyCommand({ FunctionName })));
  return admits(readPolicy(found?.Policy ?? '')?.statements ?? [], {
    service: 'secretsmanager.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource: functionArnOf(FunctionName, resource),
    context: { 'aws:sourceaccount': resource.account, 'aws:sourcearn': resource.arn },
  });
}
