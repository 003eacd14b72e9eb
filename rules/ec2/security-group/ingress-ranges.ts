import { GetManagedPrefixListEntriesCommand } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import { type Aws, type Grant, notFound } from '../../rule';
import { groupReading, readGroup } from './group';
import { type Permission, readPermissions } from './permission';

/** The inbound rules of a group with address ranges as sources. */
export type IngressRanges = {
  readonly owner: string;
  /** For TCP, UDP or all protocols; prefix lists with their entries. */
  readonly ranges: readonly Permission[];
};

/** The permissions that `readIngressRanges` needs. Prefix lists can belong to AWS, or be shared by another account. */
export const rangeReading: readonly Grant[] = [
  groupReading,
  { actions: ['ec2:GetManagedPrefixListEntries'], on: 'arn:{partition}:ec2:{region}:*:prefix-list/*' },
];

/** Reads the inbound rules of a group with address ranges as sources. A rule for another group allows only its network interfaces, by their private addresses. */
export async function readIngressRanges(id: string, aws: Aws): Promise<IngressRanges | typeof notFound> {
  const group = await readGroup(id, aws);
  if (!group) return notFound;
  const { ingress } = await readPermissions(id, aws);
  const addressed = ingress.filter(
    ({ protocol, ipv4, ipv6, prefixList }) => ['tcp', 'udp', '-1'].includes(protocol) && (ipv4 ?? ipv6 ?? prefixList) !== undefined,
  );
  const entries = await readPrefixLists(addressed, aws);
  const ranges = addressed.map((one) => {
    const found = entries.get(one.prefixList ?? '');
    return found ? { ...one, entries: found } : one;
  });
  return { owner: group.owner, ranges };
}

/** The CIDR blocks of the prefix lists, by ID, sorted; without those that do not exist or are no longer shared. */
async function readPrefixLists(permissions: readonly Permission[], aws: Aws): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const PrefixListId of new Set(permissions.flatMap(({ prefixList }) => prefixList ?? []))) {
    const entries = collect(
      (NextToken) => aws.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 100, NextToken })),
      ({ Entries = [] }) => Entries.flatMap(({ Cidr }) => Cidr ?? []),
      ({ NextToken }) => NextToken,
    );
    const read = await undefinedOn(['InvalidPrefixListID.NotFound', 'InvalidPrefixListId.Malformed'], entries);
    if (read) found.set(PrefixListId, read.sort());
  }
  return found;
}
