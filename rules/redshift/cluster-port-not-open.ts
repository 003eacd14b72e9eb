import { AuthorizeSecurityGroupIngressCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { RedshiftClient } from '@aws-sdk/client-redshift';
import { parseRange } from '../ec2/security-group/address-range';
import { groupChanging, groupReading } from '../ec2/security-group/group';
import { readIngressRanges } from '../ec2/security-group/ingress-ranges';
import { nameOfPermission, type Permission, restorations, revocations } from '../ec2/security-group/permission';
import { readTags, tagPermissions } from '../ec2/tags/read';
import { keptTags, withoutExempt } from '../exempt-parts';
import { defineRule, notFound, type Tags } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

type Group = {
  readonly id: string;
  readonly owner: string;
  /** The security group rules that open the cluster port to everyone. */
  readonly open: readonly Permission[];
  /** Those of the group, if it opens the port. */
  readonly tags?: Tags;
};

/** `port`: null while the cluster has no endpoint; then `status`, unless it is available. */
type State = { readonly port: number | null; readonly groups: readonly Group[]; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-port-not-open',
  title: 'Redshift security groups do not open the cluster port to the internet',
  why: 'Anyone who finds an open port can guess passwords, and exploit a new vulnerability as soon as it is known.',
  impact:
    'Clients that depend on the open rule can no longer connect. The whole security group rule is revoked, for every resource in the group: if it opens a range of ports or all traffic, the other ports close too. After a rollback the rule has a new ID.',
  severity: 'high',
  risk: 'disruptive',
  resource: cluster,
  detectedBy: { securityHub: ['Redshift.15'], config: ['redshift-unrestricted-port-access'] },
  permissions: {
    inspect: [{ actions: ['redshift:DescribeClusters'], on: clusters }, groupReading, ...tagPermissions],
    change: groupChanging(['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress']),
  },
  clients: [RedshiftClient, EC2Client],
  commands: [RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand],

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(resource.id, aws);
    if (!found) return notFound;
    const port = found.Endpoint?.Port ?? null;
    const ids = (found.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
    const groups: Group[] = [];
    for (const groupId of ids.toSorted()) {
      const group = await readIngressRanges(groupId, aws);
      if (group === notFound) continue;
      const open = group.ranges.filter((one) => opens(one, port));
      const tags = open.length > 0 ? keptTags(await readTags({ ...resource, id: groupId }, aws)) : {};
      groups.push({ id: groupId, owner: group.owner, open, ...tags });
    }
    return { port, groups, ...(port === null && hindrance(found.ClusterStatus)) };
  },

  plan({ account }, { port, groups, status }, context) {
    if (port === null && status !== undefined) return obstacleBy(status);
    if (port === null) return { blocked: 'The cluster has no endpoint yet, and so no port.', code: 'not-available' };
    const noncompliant = groups.filter((group) => group.open.length > 0);
    const open = withoutExempt(noncompliant, (group) => `the security group ${group.id}`, context)
      .map((group) => ({ ...group, open: withoutExempt(group.open, (one) => `${nameOfPermission(one)} in ${group.id}`, context) }))
      .filter((group) => group.open.length > 0);
    const foreign = open.find(({ owner }) => owner !== account);
    if (foreign)
      return {
        unfixable: `The security group ${foreign.id} belongs to account ${foreign.owner}, and only that account can change it.`,
        code: 'owned-by-other-account',
      };
    return open.flatMap((group) => revocations(group.id, 'ingress', group.open));
  },

  targets(_, { now: { groups } }) {
    const target = { GroupId: groups.map(({ id }) => id) };
    return { RevokeSecurityGroupIngress: target, AuthorizeSecurityGroupIngress: target };
  },

  revertOwnPart: (_, now, { before, after }) =>
    before.groups.flatMap(({ id, open }) => restorations(id, 'ingress', { before: open, after: openIn(after, id), now: openIn(now, id) })),

  list: (_, aws) => listClusters(aws),
});

const openIn = ({ groups }: State, groupId: string): readonly Permission[] => groups.find(({ id }) => id === groupId)?.open ?? [];

// Redshift uses TCP only.
const opens = ({ protocol, from, to, ipv4, ipv6 }: Permission, port: number | null): boolean =>
  port !== null &&
  parseRange(ipv4 ?? ipv6 ?? '')?.prefix === 0 &&
  (protocol === '-1' || (protocol === 'tcp' && (from === -1 || (from <= port && port <= to))));
