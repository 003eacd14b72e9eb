import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type Change, defineRule, gone, type Resource } from '../rule';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';
import { describeSecret, moreOften, outOfReach, type Rotation, rotationOf, rulesOf } from './secret/rotation';

const parameters = z.strictObject({
  maxDaysSinceRotation: z.int().min(1).max(180).default(90).describe('How many days old the value of a secret may be.'),
});

/** `rotated`: when it got its value, ISO 8601. `unfinished`: a rotation began and did not come to its end. */
type State = { readonly rotated: string; readonly rotation: Rotation; readonly unfinished?: true };

export default defineRule({
  id: 'secretsmanager-secret-rotated-in-time',
  title: 'Secrets have not been the same for months',
  why: 'The longer a secret stays the same, the more people, logs and backups know it.',
  impact:
    'The secret rotates at least as often as asked for. One that is too old gets a new value once somebody has approved it: a client that keeps the old one in memory or in a file fails.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'partly',
  resource: secret,
  property: 'AWS::SecretsManager::RotationSchedule',
  detectedBy: { securityHub: ['SecretsManager.4'], config: ['secretsmanager-secret-periodic-rotation'] },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, listing],
    change: [
      {
        actions: ['secretsmanager:RotateSecret'],
        on: secrets,
        // Who rotates a secret gets to know it.
        condition: { Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' } },
      },
      // Secrets Manager asks for it of whoever sets a rotation.
      { actions: ['lambda:InvokeFunction'], on: 'arn:{partition}:lambda:{region}:{account}:function:*' },
    ],
  },
  clients: [SecretsManagerClient],
  commands: [RotateSecretCommand],
  parameters,
  // The function may take a quarter of an hour for each of its steps.
  settle: 3600,

  async inspect({ arn, region }, aws): Promise<State | typeof gone> {
    const found = await describeSecret(arn, aws);
    if (!found) return gone;
    const { LastRotatedDate, CreatedDate, VersionIdsToStages = {} } = found;
    const unfinished = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'));
    return {
      // Without a date, it is as if it were of today: nothing is changed on doubt.
      rotated: (LastRotatedDate ?? CreatedDate ?? new Date(8.64e15)).toISOString(),
      rotation: rotationOf(found, region),
      ...(unfinished && { unfinished }),
    };
  },

  plan(resource, { rotated, rotation, unfinished }, { parameters: { maxDaysSinceRotation }, now }) {
    if (now.getTime() - Date.parse(rotated) <= maxDaysSinceRotation * 86_400_000) return [];
    const obstacle = outOfReach(rotation);
    if (obstacle) return obstacle;
    if (!rotation.isOn || rulesOf(rotation) === undefined)
      return {
        unfixable: 'The secret does not rotate by itself. Turn that on first: the rule secretsmanager-secret-rotation-enabled does.',
      };
    if (unfinished)
      return {
        unfixable: `A rotation of the secret began and did not come to its end. Look at the logs of ${rotation.function ?? 'what rotates it'}.`,
      };
    const more = moreOften(resource, rotation, maxDaysSinceRotation);
    // AWS tests each new schedule with a version that is pending for a moment, and refuses a rotation meanwhile.
    return [...more, { ...atOnce(resource), ...(more.length > 0 && { retryOn: ['InvalidRequestException'] }) }];
  },

  list: listSecrets,
});

const atOnce = ({ arn }: Resource): Change => ({
  do: new RotateSecretCommand({ SecretId: arn, RotateImmediately: true }),
  irreversible: 'What the secret opens knows the new value alone from then on.',
});
