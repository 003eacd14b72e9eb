import { type Aws, notFound } from '../../rule';
import { readGroup } from './group';
import { type Permission, readPermissions } from './permission';

/** What a group lets in from ranges of addresses. */
export type IngressRanges = {
  readonly owner: string;
  /** Those of TCP, UDP or all protocols. */
  readonly ranges: readonly Permission[];
};

/** Reads what a group lets in from ranges of addresses. */
export async function readIngressRanges(id: string, aws: Aws): Promise<IngressRanges | typeof notFound> {
  const group = await readGroup(id, aws);
  if (!group) return notFound;
  const { ingress } = await readPermissions(id, aws);
  const ranges = ingress.filter(({ protocol, ipv4, ipv6 }) => ['tcp', 'udp', '-1'].includes(protocol) && (ipv4 ?? ipv6) !== undefined);
  return { owner: group.owner, ranges };
}
