import { DeleteSecretCommand, DescribeSecretCommand, RestoreSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { atMost } from '../detector-parameters';
import { days } from '../duration';
import { defineRule, notFound, type Resource } from '../rule';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';

const parameters = z.strictObject({
  unusedForDays: z.int().min(1).max(365).default(90).describe('The number of days without access after which a secret counts as unused.'),
  recoveryWindowInDays: z
    .int()
    .min(7)
    .max(30)
    .default(30)
    .describe(
      'The recovery window in days. Until it ends, the secret can be restored, also by a rollback; then AWS deletes it permanently.',
    ),
});

/** Times are ISO 8601; the last use is a date in UTC. `primary`: for a replica, the region of the primary secret. */
type State = {
  readonly scheduled: boolean;
  readonly created: string;
  readonly used: string | null;
  readonly owner?: string;
  readonly primary?: string;
  readonly replicas: readonly string[];
};

export default defineRule({
  id: 'secretsmanager-secret-unused-removed',
  title: 'Unused Secrets Manager secrets are removed',
  why: 'A forgotten secret is still valid for everyone who could ever read it.',
  impact:
    'The secret can no longer be read, and AWS deletes it permanently when the recovery window ends. Until then, a rollback restores it. A client that reads it rarely, such as once in a quarter, fails.',
  severity: 'medium',
  risk: 'disruptive',
  resource: secret,
  detectedBy: { securityHub: ['SecretsManager.3'], config: ['secretsmanager-secret-unused'] },
  detectorParameters: {
    'SecretsManager.3': { unusedForDays: atMost('unusedForDays') },
    'secretsmanager-secret-unused': { unusedForDays: atMost('unusedForDays', { absent: '90' }) },
  },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, listing],
    change: {
      actions: ['secretsmanager:DeleteSecret', 'secretsmanager:RestoreSecret'],
      on: secrets,
      // Never without a recovery window.
      condition: { BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' } },
    },
  },
  clients: [SecretsManagerClient],
  commands: [DeleteSecretCommand, RestoreSecretCommand],
  parameters,

  async inspect({ arn, region }, aws): Promise<State | typeof notFound> {
    const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: arn })));
    if (!found) return notFound;
    const { DeletedDate, CreatedDate, LastAccessedDate, OwningService, PrimaryRegion, ReplicationStatus = [] } = found;
    return {
      scheduled: Boolean(DeletedDate),
      // Without a date, today is assumed, so that nothing is deleted.
      created: (CreatedDate ?? new Date(8.64e15)).toISOString(),
      used: LastAccessedDate?.toISOString() ?? null,
      ...(OwningService && { owner: OwningService }),
      ...(PrimaryRegion && PrimaryRegion !== region && { primary: PrimaryRegion }),
      replicas: ReplicationStatus.flatMap(({ Region }) => Region ?? []).sort(),
    };
  },

  plan(resource, { scheduled, created, used, owner, primary, replicas }, { parameters: { unusedForDays, recoveryWindowInDays }, now }) {
    // LastAccessedDate is the midnight before the access.
    const last = Math.max(Date.parse(created), used === null ? 0 : Date.parse(used) + days(1));
    if (scheduled || now.getTime() - last <= days(unusedForDays)) return [];
    if (owner !== undefined)
      return { unfixable: `The service ${owner} manages this secret. Remove it through that service.`, code: 'owned-by-service' };
    if (primary !== undefined)
      return {
        unfixable: `The secret is a replica of a secret in ${primary}, and a deleted replica cannot be restored. Check the primary secret.`,
        code: 'replica',
      };
    if (replicas.length > 0)
      return {
        unfixable: `The secret has replicas in ${replicas.join(', ')}, which may be in use, and AWS does not delete a secret with replicas. Delete the replicas first.`,
        code: 'has-replicas',
      };
    return [
      {
        do: remove(resource, recoveryWindowInDays),
        undo: new RestoreSecretCommand({ SecretId: resource.arn }),
        note: `The secret was ${used === null ? 'never read' : `last read on ${used.slice(0, 10)}`}.`,
      },
    ];
  },

  list: listSecrets,
});

const remove = ({ arn }: Resource, RecoveryWindowInDays: number) => new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays });
