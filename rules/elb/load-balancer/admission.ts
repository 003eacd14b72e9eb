import { parseRange } from '../../ec2/security-group/address-range';
import { type Permission, readPermissions } from '../../ec2/security-group/permission';
import type { Aws, Grant } from '../../rule';

/** TCP ports that security groups open to an address range, a prefix list or a group. */
export type Admission = { readonly from: number; readonly to: number; readonly source: string };

// IAM offers no resource-level permission for it.
export const admissionReading: Grant = { actions: ['ec2:DescribeSecurityGroupRules'], on: '*' };

/** The sources that these security groups allow on one of the ports, sorted. */
export async function readAdmissions(groups: readonly string[], ports: readonly number[], aws: Aws): Promise<readonly Admission[]> {
  const found = new Map<string, Admission>();
  for (const group of groups)
    for (const permission of (await readPermissions(group, aws)).ingress) {
      const admission = admissionOf(permission);
      if (admission && ports.some((port) => admits(admission, port))) found.set(JSON.stringify(admission), admission);
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, admission]) => admission);
}

function admissionOf({ protocol, from, to, ipv4, ipv6, prefixList, group }: Permission): Admission | undefined {
  const source = ipv4 ?? ipv6 ?? prefixList ?? group?.id;
  if (source === undefined || (protocol !== 'tcp' && protocol !== '-1')) return undefined;
  return protocol === '-1' || from === -1 ? { from: 0, to: 65_535, source } : { from, to, source };
}

/** The sources that are allowed on the listener port, and not on the port it would redirect to. */
export function missingAt(port: number, from: number, admissions: readonly Admission[]): readonly string[] {
  const there = admissions.filter((admission) => admits(admission, port));
  const here = admissions.filter((admission) => admits(admission, from));
  return [...new Set(here.map(({ source }) => source))].filter((source) => !there.some((one) => includes(one.source, source)));
}

const admits = ({ from, to }: Admission, port: number): boolean => from <= port && port <= to;

function includes(outer: string, inner: string): boolean {
  const [a, b] = [parseRange(outer), parseRange(inner)];
  return outer === inner || (a !== undefined && b !== undefined && a.family === b.family && a.first <= b.first && b.last <= a.last);
}
