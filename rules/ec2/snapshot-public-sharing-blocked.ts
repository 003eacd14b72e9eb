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

/** `managed`: a declarative policy of the organization decides. */
type State = { readonly block: SnapshotBlockPublicAccessState; readonly managed: boolean };

export default defineRule({
  id: 'ec2-snapshot-public-sharing-blocked',
  title: 'No EBS snapshot of an account can be public',
  why: 'A snapshot that is shared with everybody by mistake is found within hours, and its volume read.',
  impact:
    'Snapshots that are public now can be read by nobody else any more, as long as this is so, and no other can be made public. Sharing with accounts by their number stays as it is. A rollback makes the first ones public again.',
  severity: 'high',
  risk: 'disruptive',
  resource: [accountInRegion, snapshotBlock],
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
    if (managed) return { unfixable: `A declarative policy of the organization sets this to ${block}: change it there.` };
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

  list: async ({ account }) => [account],
});
