import { AssociateIamInstanceProfileCommand, CreateTagsCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateInstanceProfileCommand } from '@aws-sdk/client-iam';
import { PutInventoryCommand } from '@aws-sdk/client-ssm';
import type { World } from '../../contract/scenario';

export const openssl = {
  name: 'openssl-libs',
  arch: 'X86_64',
  epoch: '1',
  version: '1.1.1k',
  release: '7.amzn2',
  fixedInVersion: '1:1.1.1k-9.amzn2',
};
const later = '2026-11-20T10:00:00Z';

/** An instance as Systems Manager and Inspector see it. */
export interface Vulnerable {
  readonly packages?: readonly Readonly<Record<string, string>>[];
  readonly pending?: number;
  /** The installed version of openssl-libs in the inventory. */
  readonly installed?: string;
  readonly capturedAt?: string;
  readonly online?: boolean;
  readonly tag?: string;
}

/** Runs an instance; its id. */
export function running({ packages = [openssl], pending = 0, installed, capturedAt = later, online = true, tag }: Vulnerable = {}) {
  return async (world: World): Promise<string> => {
    const { Instances: [{ InstanceId = '' } = {}] = [] } = await world.send(
      new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
    );
    if (online) {
      await world.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'managed' }));
      await world.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'managed' } }));
    }
    if (tag) await world.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: tag, Value: 'shop' }] }));
    await report(world, InstanceId, { packages, pending, capturedAt, ...(installed !== undefined && { installed }) });
    return InstanceId;
  };
}

/** What Inspector, Patch Manager and Systems Manager Inventory say of the instance from now on. */
export async function report(
  world: Pick<World, 'send'>,
  InstanceId: string,
  { packages = [openssl], pending = 0, installed, capturedAt = later }: Vulnerable,
): Promise<void> {
  const [Version = '', Release = ''] = installed?.split('-') ?? [];
  const applications = [{ Name: 'openssl-libs', Architecture: 'x86_64', Epoch: '1', Version, Release }];
  const item = (TypeName: string, Content: Record<string, string>[], CaptureTime = later) => ({
    TypeName,
    SchemaVersion: '1.0',
    CaptureTime,
    Content,
  });
  const Items = [
    item(
      'Custom:VulnerablePackages',
      packages.map((one) => ({ ...one })),
    ),
    item(
      'Custom:PendingPatches',
      Array.from({ length: pending }, (_, index) => ({ Patch: `kernel-${index}` })),
    ),
    ...(installed === undefined ? [] : [item('AWS:Application', applications, capturedAt)]),
  ];
  await world.send(new PutInventoryCommand({ InstanceId, Items }));
}
