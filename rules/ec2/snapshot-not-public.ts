import { DescribeSnapshotAttributeCommand, DescribeSnapshotsCommand, EC2Client, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { accountInRegion } from '../account';
import { collect } from '../pages';
import { type Aws, defineRule, notFound, type Place } from '../rule';
import { snapshot } from './snapshot/resource';

const parameters = z.strictObject({
  exemptionTag: z
    .string()
    .min(1)
    .max(128)
    .default('posture:exempt')
    .describe('Where the whole account is put right, snapshots that carry a tag of this name stay as they are.'),
});

type PublicSnapshot = {
  readonly id: string;
  /** The names of its tags, where it is one of many. */
  readonly tagNames: readonly string[];
};

export default defineRule({
  id: 'ec2-snapshot-not-public',
  title: 'EBS snapshots can not be restored by everybody',
  why: 'Anybody with an AWS account can make a volume of a public snapshot, and read all that was on the disk.',
  impact: 'Other accounts can no longer make volumes of it, unless it is shared with them by name; volumes already made stay.',
  severity: 'critical',
  risk: 'disruptive',
  // Security Hub and AWS Config report the account, not the snapshot.
  resource: [accountInRegion, snapshot],
  detectedBy: { securityHub: ['EC2.1'], config: ['ebs-snapshot-public-restorable-check'] },
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

  parameters,

  async inspect(resource, aws): Promise<{ readonly publicSnapshots: readonly PublicSnapshot[] } | typeof notFound> {
    if (resource.type === accountInRegion.type) return { publicSnapshots: await readPublic(resource, aws) };
    const shared = await isPublic(resource.id, aws);
    return shared === undefined ? notFound : { publicSnapshots: shared ? [{ id: resource.id, tagNames: [] }] : [] };
  },

  plan: (_resource, { publicSnapshots }, { parameters: { exemptionTag } }) =>
    publicSnapshots
      .filter(({ tagNames }) => !tagNames.includes(exemptionTag))
      .map(({ id }) => ({ do: sharing(id, 'remove'), undo: sharing(id, 'add') })),

  revertOwnPart(_resource, now, { before, after }) {
    const open = new Set([...after.publicSnapshots, ...now.publicSnapshots].map(({ id }) => id));
    return before.publicSnapshots.filter(({ id }) => !open.has(id)).map(({ id }) => sharing(id, 'add'));
  },

  async list(place, aws) {
    const snapshots = await listPublic(place, aws);
    return [...snapshots.map(({ id }) => `arn:${place.partition}:ec2:${place.region}::snapshot/${id}`), place.account];
  },
});

// The group alone: the accounts that a snapshot is shared with by name are no concern of this command.
const sharing = (SnapshotId: string, OperationType: 'add' | 'remove') =>
  new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType, GroupNames: ['all'] });

async function readPublic(place: Place, aws: Aws): Promise<readonly PublicSnapshot[]> {
  const confirmed: PublicSnapshot[] = [];
  // AWS's list lags behind the attribute.
  for (const listed of await listPublic(place, aws)) if (await isPublic(listed.id, aws)) confirmed.push(listed);
  return confirmed;
}

/** The account's own snapshots that everybody may restore, as AWS lists them, sorted. */
async function listPublic({ account }: Place, aws: Aws): Promise<readonly PublicSnapshot[]> {
  const snapshots = await collect(
    (NextToken) =>
      aws.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000, NextToken })),
    ({ Snapshots }) => Snapshots,
    ({ NextToken }) => NextToken,
  );
  return snapshots
    .flatMap(({ SnapshotId: id = '', OwnerId, Tags = [] }) =>
      OwnerId === account ? { id, tagNames: Tags.map(({ Key = '' }) => Key).sort() } : [],
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Undefined where there is no such snapshot. */
async function isPublic(SnapshotId: string, aws: Aws): Promise<boolean | undefined> {
  const answer = await undefinedOn(
    ['InvalidSnapshot.NotFound', 'InvalidSnapshotID.Malformed'],
    aws.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' })),
  );
  return answer && (answer.CreateVolumePermissions ?? []).some(({ Group }) => Group === 'all');
}
