import {
  DisableSnapshotBlockPublicAccessCommand,
  EC2Client,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  type SnapshotBlockPublicAccessState,
} from '@aws-sdk/client-ec2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';
import { snapshotBlock } from './snapshot-block/resource';

/** `managed`: a declarative policy of the organization sets it. */
type State = { readonly block: SnapshotBlockPublicAccessState; readonly managed: boolean };

export default defineRule({
  id: 'ec2-snapshot-public-sharing-blocked',
  title: 'Public sharing of EBS snapshots is blocked',
  why: 'A snapshot that is made public by mistake is discovered within hours, and its data read.',
  impact:
    'Currently public snapshots can no longer be used by other accounts while the block is enabled, and no snapshot can be made public. Sharing with account IDs does not change. A rollback makes the public snapshots public again.',
  severity: 'high',
  risk: 'disruptive',
  resource: [accountInRegion, snapshotBlock],
  changedBy: { service: 'ec2', calls: { account: ['DisableSnapshotBlockPublicAccess', 'EnableSnapshotBlockPublicAccess'] } },
  independentUndo: true,
  property: 'State',
  detectedBy: { securityHub: ['EC2.182'], config: ['ebs-snapshot-block-public-access'] },
  permissions: {
    // IAM offers no resource-level permission for these.
    inspect: { actions: ['ec2:GetSnapshotBlockPublicAccessState'], on: '*' },
    change: { actions: ['ec2:EnableSnapshotBlockPublicAccess', 'ec2:DisableSnapshotBlockPublicAccess'], on: '*' },
  },
  clients: [EC2Client],
  commands: [EnableSnapshotBlockPublicAccessCommand, DisableSnapshotBlockPublicAccessCommand],

  async inspect(_, aws): Promise<State> {
    const { State: block = 'unblocked', ManagedBy } = await aws.send(new GetSnapshotBlockPublicAccessStateCommand({}));
    return { block, managed: ManagedBy === 'declarative-policy' };
  },

  plan(_, { block, managed }) {
    if (block === 'block-all-sharing') return [];
    if (managed)
      return {
        unfixable: `A declarative policy of the organization sets block public access to ${block}. Change it in that policy.`,
        code: 'managed-by-policy',
      };
    return [
      {
        do: new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' }),
        undo:
          block === 'block-new-sharing'
            ? new EnableSnapshotBlockPublicAccessCommand({ State: block })
            : new DisableSnapshotBlockPublicAccessCommand({}),
      },
    ];
  },

  targets: () => ({ EnableSnapshotBlockPublicAccess: {}, DisableSnapshotBlockPublicAccess: {} }),

  list: async ({ account }) => [account],
});
