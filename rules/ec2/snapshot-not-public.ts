import { DescribeSnapshotAttributeCommand, DescribeSnapshotsCommand, EC2Client, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../absence';
import { accountInRegion } from '../account';
import { withoutExempt } from '../exempt-parts';
import { collect } from '../pages';
import { type Aws, defineRule, notFound, type Place, type Tags } from '../rule';
import { snapshot } from './snapshot/resource';

type PublicSnapshot = {
  readonly id: string;
  /** If the finding covers the account; the tags of a single snapshot are read as those of the resource. */
  readonly tags: Tags;
};

export default defineRule({
  id: 'ec2-snapshot-not-public',
  title: 'EBS snapshots are not publicly restorable',
  why: 'Any AWS account can create a volume from a public snapshot, and read all its data.',
  impact:
    'Other accounts can no longer create volumes from the snapshot, unless it is shared with them by account ID. Existing volumes stay.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  // Security Hub and AWS Config report the account, not the snapshot.
  resource: [accountInRegion, snapshot],
  detectedBy: {
    securityHub: ['EC2.1'],
    config: ['ebs-snapshot-public-restorable-check'],
    accessAnalyzer: ['PublicAccess/AWS::EC2::Snapshot'],
  },
  permissions: {
    inspect: [
      // IAM offers no resource-level permission for it.
      { actions: ['ec2:DescribeSnapshots'], on: '*' },
      { actions: ['ec2:DescribeSnapshotAttribute'], on: 'arn:{partition}:ec2:{region}::snapshot/*' },
    ],
    change: { actions: ['ec2:ModifySnapshotAttribute'], on: 'arn:{partition}:ec2:{region}::snapshot/*' },
  },
  clients: [EC2Client],
  commands: [ModifySnapshotAttributeCommand],

  async inspect(resource, aws): Promise<{ readonly publicSnapshots: readonly PublicSnapshot[] } | typeof notFound> {
    if (resource.type === accountInRegion.type) return { publicSnapshots: await readPublic(resource, aws) };
    const shared = await isPublic(resource.id, aws);
    return shared === undefined ? notFound : { publicSnapshots: shared ? [{ id: resource.id, tags: {} }] : [] };
  },

  plan: (_resource, { publicSnapshots }, context) =>
    withoutExempt(publicSnapshots, ({ id }) => `the snapshot ${id}`, context).map(({ id }) => ({
      do: sharing(id, 'remove'),
      undo: sharing(id, 'add'),
    })),

  targets: (resource, { now, before }) => ({
    ModifySnapshotAttribute: {
      SnapshotId: resource.type === snapshot.type ? resource.id : [...now.publicSnapshots, ...before.publicSnapshots].map(({ id }) => id),
    },
  }),

  revertOwnPart(_resource, now, { before, after }) {
    const open = new Set([...after.publicSnapshots, ...now.publicSnapshots].map(({ id }) => id));
    return before.publicSnapshots.filter(({ id }) => !open.has(id)).map(({ id }) => sharing(id, 'add'));
  },

  async list(place, aws) {
    const snapshots = await listPublic(place, aws);
    return [...snapshots.map(({ id }) => `arn:${place.partition}:ec2:${place.region}::snapshot/${id}`), place.account];
  },
});

// Only the group `all`: shares with account IDs do not change.
const sharing = (SnapshotId: string, OperationType: 'add' | 'remove') =>
  new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType, GroupNames: ['all'] });

async function readPublic(place: Place, aws: Aws): Promise<readonly PublicSnapshot[]> {
  const confirmed: PublicSnapshot[] = [];
  // The list is updated later than the attribute.
  for (const listed of await listPublic(place, aws)) if (await isPublic(listed.id, aws)) confirmed.push(listed);
  return confirmed;
}

/** The snapshots of the account that are publicly restorable, as listed by EC2, sorted. */
async function listPublic({ account }: Place, aws: Aws): Promise<readonly PublicSnapshot[]> {
  const snapshots = await collect(
    (NextToken) =>
      aws.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000, NextToken })),
    ({ Snapshots }) => Snapshots,
    ({ NextToken }) => NextToken,
  );
  return snapshots
    .flatMap(({ SnapshotId: id = '', OwnerId, Tags = [] }) =>
      OwnerId === account ? { id, tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) } : [],
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Undefined if the snapshot does not exist. */
async function isPublic(SnapshotId: string, aws: Aws): Promise<boolean | undefined> {
  const answer = await undefinedOn(
    ['InvalidSnapshot.NotFound', 'InvalidSnapshotID.Malformed'],
    aws.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' })),
  );
  return answer && (answer.CreateVolumePermissions ?? []).some(({ Group }) => Group === 'all');
}
