import { type Aws, notFound } from '../../rule';
import { readGroup } from './group';
import { type Permission, readPermissions } from './permission';

/** The inbound rules of a group with address ranges as sources. */
export type IngressRanges = {
  readonly owner: string;
  /** For TCP, UDP or all protocols. */
  readonly ranges: readonly Permission[];
};

/** Reads the inbound rules of a group with address ranges as sources. */
export async function readIngressRanges(id: string, aws: Aws): Promise<IngressRanges | typeof notFound> {
  const group = await readGroup(id, aws);
  if (!group) return notFound;
  const { ingress } = await readPermissions(id, aws);
  const ranges = ingress.filter(({ protocol, ipv4, ipv6 }) => ['tcp', 'udp', '-1'].includes(protocol) && (ipv4 ?? ipv6) !== undefined);
  return { owner: group.owner, ranges };
}
