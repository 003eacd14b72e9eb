import { ListInventoryEntriesCommand, type ListInventoryEntriesCommandOutput } from '@aws-sdk/client-ssm';
import { undefinedOn } from '../../absence';
import type { Aws, Grant } from '../../rule';

// IAM supports no resource-level permissions for it.
export const inventoryReading: Grant = { actions: ['ssm:ListInventoryEntries'], on: '*' };

/** A package that is installed: several versions of a kernel are. */
export interface Installed {
  readonly name: string;
  readonly arch: string;
  /** `1:2.3-4.amzn2` */
  readonly version: string;
}

export interface Inventory {
  readonly capturedAt: Date;
  readonly installed: readonly Installed[];
}

type Entry = Readonly<Record<string, string>>;

/** An instance has one or two thousand packages. */
const maxPages = 200;

/**
 * What is installed on the instance, as Systems Manager Inventory knows it. Undefined if that is off, older than `since`, or too long to be read: then
 * it proves nothing.
 */
export async function readInventory(InstanceId: string, since: Date, aws: Aws): Promise<Inventory | undefined> {
  const installed: Installed[] = [];
  let capturedAt: Date | undefined;
  let NextToken: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const input = { InstanceId, TypeName: 'AWS:Application', MaxResults: 50, NextToken };
    const answer: ListInventoryEntriesCommandOutput | undefined = await undefinedOn(
      ['InvalidInstanceId'],
      aws.send(new ListInventoryEntriesCommand(input)),
    );
    capturedAt ??= new Date(answer?.CaptureTime ?? Number.NaN);
    if (!answer || !(capturedAt > since)) return undefined;
    installed.push(...(answer.Entries ?? []).flatMap(installedIn));
    NextToken = answer.NextToken || undefined;
    if (NextToken === undefined) return { capturedAt, installed };
  }
  return undefined;
}

/** The inventory of dpkg has the epoch and the revision in the version; that of rpm has them apart, and `(none)` for no epoch. */
function installedIn({ Name = '', Version = '', Release = '', Epoch = '', Architecture = '' }: Entry): readonly Installed[] {
  if (Name === '' || Version === '') return [];
  const epoch = /^\d+$/.test(Epoch) && !Version.includes(':') ? `${Epoch}:` : '';
  const release = Release === '' || Version.endsWith(`-${Release}`) ? '' : `-${Release}`;
  return [{ name: Name, arch: Architecture.toLowerCase(), version: `${epoch}${Version}${release}` }];
}
