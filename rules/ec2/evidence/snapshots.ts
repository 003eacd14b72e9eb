import {
  CreateSnapshotsCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  type LockedSnapshotsInfo,
  LockSnapshotCommand,
  ModifySnapshotAttributeCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { amend } from '../../amendment';
import { collect } from '../../pages';
import type { Aws, Change, Collected, CollectedFor, Grant, Resource, Targets } from '../../rule';

const remediationTag = 'posture:remediation';

/** Who may lock and share a snapshot is granted by this tag. */
const evidenceTag = { Key: 'posture:evidence', Value: 'true' };

/** What is done with the snapshots. */
export interface Custody {
  /** Days for which they can't be deleted. */
  readonly lockDays?: number | undefined;
  /** The account that may copy them. */
  readonly shareWith?: string | undefined;
}

export interface Collection {
  readonly collectedFor?: CollectedFor | undefined;
  /** The ID of the rule. */
  readonly by: string;
  readonly now: Date;
}

const kept = 'The snapshots stay, and are billed, until a person deletes them.';

/** An ID of AWS has no characters that a tag can't have, the ID of another finding may. */
const labelOf = (text: string): string => text.replace(/[^\p{L}\p{N} +\-=._:/@]/gu, '_').slice(0, 256);

/** Snapshots of all EBS volumes of the instance at one moment, and what protects them. */
export function snapshotChanges(
  { id, account, region }: Pick<Resource, 'id' | 'account' | 'region'>,
  volumes: readonly string[],
  { collectedFor, by, now, lockDays, shareWith }: Custody & Collection,
): readonly Change[] {
  if (volumes.length === 0) return [];
  const { remediation = 'none', finding = 'none' } = collectedFor ?? {};
  const Tags = [
    evidenceTag,
    { Key: remediationTag, Value: remediation },
    { Key: 'posture:finding', Value: labelOf(finding) },
    { Key: 'posture:evidence-of', Value: `${account}/${region}/${id}` },
    { Key: 'posture:collected-by', Value: by },
    // A copy in another account has another time of its own.
    { Key: 'posture:collected-at', Value: now.toISOString() },
  ];
  const create = new CollectSnapshotsCommand({
    InstanceSpecification: { InstanceId: id },
    Description: `Evidence of ${id}, remediation ${remediation}`,
    TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
  });
  const each = { evidence: kept, retryOn: [notYet] } as const;
  return [
    { do: create, evidence: kept },
    ...volumes.flatMap((VolumeId): readonly Change[] => [
      ...(lockDays === undefined
        ? []
        : [
            {
              do: new LockEvidenceCommand({ VolumeId, Remediation: remediation, LockMode: 'governance', LockDuration: lockDays }),
              ...each,
            },
          ]),
      ...(shareWith === undefined
        ? []
        : [{ do: new ShareEvidenceCommand({ VolumeId, Remediation: remediation, UserId: shareWith }), ...each }]),
    ]),
  ];
}

interface Creation {
  readonly InstanceSpecification: { readonly InstanceId: string };
  readonly Description: string;
  readonly TagSpecifications: readonly [{ readonly ResourceType: 'snapshot'; readonly Tags: readonly { Key: string; Value: string }[] }];
}

/** Creates the snapshots. If the remediation has them already, only describes them. */
export const CollectSnapshotsCommand = amend<Creation>(
  CreateSnapshotsCommand,
  async ({ InstanceSpecification, Description, TagSpecifications: [{ ResourceType, Tags }] }, aws) => {
    const remediation = Tags.find(({ Key }) => Key === remediationTag)?.Value ?? '';
    const there = await describe(remediation, aws);
    if (there.length > 0) return new DescribeSnapshotsCommand({ SnapshotIds: there.map(({ SnapshotId = '' }) => SnapshotId) });
    return new CreateSnapshotsCommand({
      InstanceSpecification: { ...InstanceSpecification },
      Description,
      TagSpecifications: [{ ResourceType, Tags: [...Tags] }],
    });
  },
);

interface OfVolume {
  readonly VolumeId: string;
  readonly Remediation: string;
}

/** Locks the snapshot that the remediation has of a volume. In governance mode, whoever has the permission for it can unlock it. */
export const LockEvidenceCommand = amend<OfVolume & { readonly LockMode: 'governance'; readonly LockDuration: number }>(
  LockSnapshotCommand,
  async ({ LockMode, LockDuration, ...of }, aws) =>
    new LockSnapshotCommand({ SnapshotId: await snapshotOf(of, aws), LockMode, LockDuration }),
);

/** Lets another account copy the snapshot that the remediation has of a volume. */
export const ShareEvidenceCommand = amend<OfVolume & { readonly UserId: string }>(
  ModifySnapshotAttributeCommand,
  async ({ UserId, ...of }, aws) => {
    const SnapshotId = await snapshotOf(of, aws);
    return new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: [UserId] });
  },
);

const notYet = 'InvalidSnapshot.NotFound';

async function snapshotOf({ VolumeId, Remediation }: OfVolume, aws: Aws): Promise<string> {
  const found = (await describe(Remediation, aws)).find((one) => one.VolumeId === VolumeId);
  if (found?.SnapshotId) return found.SnapshotId;
  throw Object.assign(new Error(`AWS shows no snapshot of ${VolumeId} of the remediation ${Remediation}.`), { name: notYet });
}

const describe = (remediation: string, aws: Aws): Promise<readonly Snapshot[]> =>
  collect(
    (NextToken) =>
      aws.send(
        new DescribeSnapshotsCommand({
          OwnerIds: ['self'],
          Filters: [
            { Name: `tag:${remediationTag}`, Values: [remediation] },
            { Name: `tag:${evidenceTag.Key}`, Values: [evidenceTag.Value] },
          ],
          NextToken,
        }),
      ),
    ({ Snapshots }) => Snapshots,
    ({ NextToken }) => NextToken,
  );

/** The snapshots of a remediation, as AWS shows them. */
export async function readCollected(remediation: string, aws: Aws): Promise<readonly Collected[]> {
  const found = await describe(remediation, aws);
  const SnapshotIds = found.map(({ SnapshotId = '' }) => SnapshotId);
  const locks = found.length === 0 ? [] : ((await aws.send(new DescribeLockedSnapshotsCommand({ SnapshotIds }))).Snapshots ?? []);
  return found.map((one) => collectedOf(one, locks)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function collectedOf({ SnapshotId = '', VolumeId = '', StartTime, KmsKeyId }: Snapshot, locks: readonly LockedSnapshotsInfo[]): Collected {
  const lock = locks.find((one) => one.SnapshotId === SnapshotId);
  return {
    id: SnapshotId,
    of: VolumeId,
    at: StartTime?.toISOString() ?? '',
    ...(KmsKeyId !== undefined && KmsKeyId !== '' && { key: KmsKeyId }),
    ...(lock && { custody: [`locked (${lock.LockState}) for ${lock.LockDuration} days`] }),
  };
}

export const snapshotTargets = (id: string, volumes: readonly string[]): Targets => ({
  CreateSnapshots: { 'InstanceSpecification.InstanceId': id },
  LockSnapshot: { VolumeId: volumes, SnapshotId: null },
  ModifySnapshotAttribute: { VolumeId: volumes, SnapshotId: null },
});

// IAM offers no resource-level permission for these.
export const snapshotReading: Grant = { actions: ['ec2:DescribeSnapshots', 'ec2:DescribeLockedSnapshots'], on: '*' };

const snapshots = 'arn:{partition}:ec2:{region}::snapshot/*';

export const snapshotMaking: readonly Grant[] = [
  {
    actions: ['ec2:CreateSnapshots'],
    on: [snapshots, 'arn:{partition}:ec2:{region}:{account}:instance/*', 'arn:{partition}:ec2:{region}:{account}:volume/*'],
  },
  { actions: ['ec2:CreateTags'], on: snapshots, condition: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } } },
  {
    actions: ['ec2:LockSnapshot', 'ec2:ModifySnapshotAttribute'],
    on: snapshots,
    condition: { StringEquals: { [`aws:ResourceTag/${evidenceTag.Key}`]: evidenceTag.Value } },
  },
];

export const snapshotCommands = [CollectSnapshotsCommand, LockEvidenceCommand, ShareEvidenceCommand];
