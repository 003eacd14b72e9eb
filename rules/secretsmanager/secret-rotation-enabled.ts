import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CancelRotateSecretCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { atMost, integer } from '../detector-parameters';
import { readPolicy } from '../policy';
import { type Aws, defineRule, notFound, type Resource } from '../rule';
import { admits } from '../service-use';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';
import { describeSecret, isRestored, moreOften, oftenEnough, outOfReach, type Rotation, rotationOf, rulesOf } from './secret/rotation';

const parameters = z.strictObject({
  maximumAllowedRotationFrequency: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .describe('The maximum rotation interval in days. Default: any interval that the owner has set.'),
  everyDays: z.int().min(1).max(365).default(30).describe('The rotation interval in days for secrets without a schedule.'),
  functionName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional()
    .describe(
      'The Lambda function, in the same account and Region, that rotates secrets without a rotation function. It must support each of these secrets, and its policy must allow secretsmanager.amazonaws.com to invoke it.',
    ),
});

/** `partner`: whether Secrets Manager may invoke the function of the parameters, for a secret without a function of its own. */
type State = { readonly rotation: Rotation; readonly partner?: boolean };

const functions = 'arn:{partition}:lambda:{region}:{account}:function:*';

const inDays = (hours: string): number | undefined => {
  const count = integer(hours);
  return count === undefined ? undefined : Math.floor(count / 24);
};

export default defineRule({
  id: 'secretsmanager-secret-rotation-enabled',
  title: 'Secrets Manager secrets have automatic rotation enabled',
  why: 'A secret that never changes stays valid for everyone who ever saw it, or finds it in an old backup.',
  impact:
    'The secret gets a new value at each scheduled rotation: a client that keeps the old value in memory or in a file fails. The value does not change immediately; AWS only tests the rotation function.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: secret,
  property: 'AWS::SecretsManager::RotationSchedule',
  detectedBy: { securityHub: ['SecretsManager.1'], config: ['secretsmanager-rotation-enabled-check'] },
  detectorParameters: {
    'SecretsManager.1': { maximumAllowedRotationFrequency: atMost('maximumAllowedRotationFrequency') },
    'secretsmanager-rotation-enabled-check': {
      maximumAllowedRotationFrequency: atMost('maximumAllowedRotationFrequency'),
      // The rule counts in days: less than a day is not valid.
      maximumAllowedRotationFrequencyInHours: { ...atMost('maximumAllowedRotationFrequency'), read: inDays },
    },
  },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, { actions: ['lambda:GetPolicy'], on: functions }, listing],
    change: [
      {
        actions: ['secretsmanager:RotateSecret'],
        on: secrets,
        // Whoever can rotate a secret can get its value.
        condition: {
          ArnLikeIfExists: { 'secretsmanager:RotationLambdaARN': 'arn:{partition}:lambda:*:{account}:function:*' },
          Null: { 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
        },
      },
      { actions: ['secretsmanager:CancelRotateSecret'], on: secrets },
      // Secrets Manager requires it of the caller that enables rotation.
      { actions: ['lambda:InvokeFunction'], on: functions },
    ],
  },
  clients: [SecretsManagerClient, LambdaClient],
  commands: [RotateSecretCommand, CancelRotateSecretCommand],
  parameters,
  settle: 60,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const found = await describeSecret(resource.arn, aws);
    if (!found) return notFound;
    const rotation = rotationOf(found, resource.region);
    const partner = chosen?.functionName;
    if (rotation.isOn || rotation.function !== undefined || partner === undefined) return { rotation };
    return { rotation, partner: await letsIn(partner, resource, aws) };
  },

  plan(resource, { rotation, partner }, { parameters: { maximumAllowedRotationFrequency: maxDays, everyDays, functionName } }) {
    const more = moreOften(resource, rotation, maxDays);
    if (rotation.isOn && more.length === 0) return [];
    const obstacle = outOfReach(rotation);
    if (obstacle) return obstacle;
    if (rotation.isOn) return more;
    if (rotation.function === undefined && functionName === undefined)
      return {
        unfixable:
          'The secret has no rotation function, and the parameter functionName is not set. Create a function for this type of secret, and set the parameter.',
        code: 'no-rotation-function',
      };
    if (rotation.function === undefined && partner !== true)
      return {
        unfixable: `The function ${functionName} does not exist, or its policy does not allow secretsmanager.amazonaws.com to invoke it for this secret. Allow lambda:InvokeFunction in that policy.`,
        code: 'rotation-function-not-invocable',
      };
    const usual = { AutomaticallyAfterDays: Math.min(everyDays, maxDays ?? everyDays) };
    const rules = rulesOf(rotation) === undefined ? usual : oftenEnough(rotation, maxDays);
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
        ...(!exact && { nearest: 'Rotation is off again, but the secret keeps the rotation function and the interval that were set.' }),
      },
    ];
  },

  isUndone: ({ rotation }, { before }) => isRestored(rotation, before.rotation),

  list: listSecrets,
});

const functionArnOf = (name: string, { partition, region, account }: Resource): string =>
  `arn:${partition}:lambda:${region}:${account}:function:${name}`;

async function letsIn(FunctionName: string, resource: Resource, aws: Aws): Promise<boolean> {
  const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new GetPolicyCommand({ FunctionName })));
  return admits(readPolicy(found?.Policy ?? '')?.statements ?? [], {
    service: 'secretsmanager.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource: functionArnOf(FunctionName, resource),
    context: { 'aws:sourceaccount': resource.account, 'aws:sourcearn': resource.arn },
  });
}
