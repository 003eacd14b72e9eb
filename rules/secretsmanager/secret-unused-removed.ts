import { DeleteSecretCommand, DescribeSecretCommand, RestoreSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { unless } from '../absence';
import { defineRule, gone, type Resource } from '../rule';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';

const parameters = z.strictObject({
  unusedForDays: z.int().min(1).max(365).default(90).describe('After how many days without a single access a secret is unused.'),
  recoveryWindowInDays: z
    .int()
    .min(7)
    .max(30)
    .default(30)
    .describe('How many days the secret can still be restored, and by a rollback too; then AWS deletes it for good.'),
});

/** Times are ISO 8601; that of the last use is a day, in UTC. `primary` is the region of the secret that this one is a replica of. */
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
  title: 'Secrets that nobody uses are removed',
  why: 'A forgotten secret still opens what it was made for, to everybody who could ever read it.',
  impact:
    'The secret can not be read from now on, and AWS deletes it for good when its recovery window ends. Until then a rollback restores it; a client that reads it once in a quarter fails.',
  severity: 'medium',
  risk: 'disruptive',
  resource: secret,
  detectedBy: { securityHub: ['SecretsManager.3'], config: ['secretsmanager-secret-unused'] },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }, listing],
    change: {
      actions: ['secretsmanager:DeleteSecret', 'secretsmanager:RestoreSecret'],
      on: secrets,
      // Never for good at once.
      condition: { BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' } },
    },
  },
  clients: [SecretsManagerClient],
  commands: [DeleteSecretCommand, RestoreSecretCommand],
  parameters,

  async inspect({ arn, region }, aws): Promise<State | typeof gone> {
    const found = await unless(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: arn })));
    if (!found) return gone;
    const { DeletedDate, CreatedDate, LastAccessedDate, OwningService, PrimaryRegion, ReplicationStatus = [] } = found;
    return {
      scheduled: Boolean(DeletedDate),
      // Without a date, it is as if it were made today: nothing is deleted on doubt.
      created: (CreatedDate ?? new Date(8.64e15)).toISOString(),
      used: LastAccessedDate?.toISOString() ?? null,
      ...(OwningService && { owner: OwningService }),
      ...(PrimaryRegion && PrimaryRegion !== region && { primary: PrimaryRegion }),
      replicas: ReplicationStatus.flatMap(({ Region }) => Region ?? []).sort(),
    };
  },

  plan(resource, { scheduled, created, used, owner, primary, replicas }, { parameters: { unusedForDays, recoveryWindowInDays }, now }) {
    // A use shows as the midnight before it.
    const last = Math.max(Date.parse(created), used === null ? 0 : Date.parse(used) + day);
    if (scheduled || now.getTime() - last <= unusedForDays * day) return [];
    if (owner !== undefined) return { unfixable: `The service ${owner} made this secret, and manages it: it has to be removed there.` };
    if (primary !== undefined)
      return { unfixable: `The secret is a replica of one in ${primary}, and can not be restored once it is deleted: look at that one.` };
    if (replicas.length > 0)
      return {
        unfixable: `The secret has replicas in ${replicas.join(', ')}, where it may be in use, and with which AWS does not delete it. Delete the replicas first.`,
      };
    return [{ do: remove(resource, recoveryWindowInDays), undo: new RestoreSecretCommand({ SecretId: resource.arn }) }];
  },

  list: listSecrets,
});

const day = 86_400_000;

const remove = ({ arn }: Resource, RecoveryWindowInDays: number) => new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays });
