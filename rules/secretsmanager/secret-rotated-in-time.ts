import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { atMost } from '../detector-parameters';
import { days } from '../duration';
import { type Change, defineRule, notFound, type Resource } from '../rule';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';
import { describeSecret, isRestored, moreOften, outOfReach, type Rotation, rotationOf, rulesOf } from './secret/rotation';

const parameters = z.strictObject({
  maxDaysSinceRotation: z.int().min(1).max(180).default(90).describe('The maximum age of a secret value in days.'),
});

/** `rotated`: the time of the last rotation, ISO 8601. `unfinished`: a rotation started and did not complete. */
type State = { readonly rotated: string; readonly rotation: Rotation; readonly unfinished?: true };

export default defineRule({
  id: 'secretsmanager-secret-rotated-in-time',
  title: 'Secrets Manager secrets are rotated within 90 days',
  why: 'The longer a secret stays unchanged, the more users, logs and backups have a copy of it.',
  impact:
    'The secret rotates at least as often as the parameter requires. An overdue secret is rotated immediately, but only after an approval: a client that keeps the old value in memory or in a file fails.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'partly',
  resource: secret,
  property: 'AWS::SecretsManager::RotationSchedule',
  detectedBy: { securityHub: ['SecretsManager.4'], config: ['secretsmanager-secret-periodic-rotation'] },
  detectorParameters: {
    'SecretsManager.4': { maxDaysSinceRotation: atMost('maxDaysSinceRotation') },
    'secretsmanager-secret-periodic-rotation': { maxDaysSinceRotation: atMost('maxDaysSinceRotation', { absent: '90' }) },
  },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, listing],
    change: [
      {
        actions: ['secretsmanager:RotateSecret'],
        on: secrets,
        // Whoever can rotate a secret can get its value.
        condition: { Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' } },
      },
      // Secrets Manager requires it of the caller that configures rotation.
      { actions: ['lambda:InvokeFunction'], on: 'arn:{partition}:lambda:{region}:{account}:function:*' },
    ],
  },
  clients: [SecretsManagerClient],
  commands: [RotateSecretCommand],
  parameters,
  // The rotation function may take 15 minutes for each of its steps.
  settle: 3600,

  async inspect({ arn, region }, aws): Promise<State | typeof notFound> {
    const found = await describeSecret(arn, aws);
    if (!found) return notFound;
    const { LastRotatedDate, CreatedDate, VersionIdsToStages = {} } = found;
    const unfinished = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'));
    return {
      // Without a date, today is assumed, so that nothing is changed.
      rotated: (LastRotatedDate ?? CreatedDate ?? new Date(8.64e15)).toISOString(),
      rotation: rotationOf(found, region),
      ...(unfinished && { unfinished }),
    };
  },

  plan(resource, { rotated, rotation, unfinished }, { parameters: { maxDaysSinceRotation }, now }) {
    if (now.getTime() - Date.parse(rotated) <= days(maxDaysSinceRotation)) return [];
    const obstacle = outOfReach(rotation);
    if (obstacle) return obstacle;
    if (!rotation.isOn || rulesOf(rotation) === undefined)
      return {
        unfixable:
          'Automatic rotation is not enabled for the secret. Enable it first, for example with the rule secretsmanager-secret-rotation-enabled.',
        code: 'rotation-not-enabled',
      };
    if (unfinished)
      return {
        unfixable: `A rotation of the secret started and did not complete. Check the logs of ${rotation.function ?? 'its rotation function'}.`,
        code: 'rotation-not-completed',
      };
    const more = moreOften(resource, rotation, maxDaysSinceRotation);
    // AWS tests each new schedule with a version that is briefly pending, and rejects a rotation meanwhile.
    return [...more, { ...maxConcurrency(resource), ...(more.length > 0 && { retryOn: ['InvalidRequestException'] }) }];
  },

  isUndone: ({ rotation }, { before }) => isRestored(rotation, before.rotation),

  list: listSecrets,
});

const maxConcurrency = ({ arn }: Resource): Change => ({
  do: new RotateSecretCommand({ SecretId: arn, RotateImmediately: true }),
  irreversible: 'After a rotation, the old value is no longer valid.',
});
