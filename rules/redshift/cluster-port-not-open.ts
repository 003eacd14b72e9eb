import { AuthorizeSecurityGroupIngressCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { RedshiftClient } from '@aws-sdk/client-redshift';
import { groupChanging } from '../ec2/security-group/group';
import { rangeReading, readIngressRanges } from '../ec2/security-group/ingress-ranges';
import { addressesUnknown, ofUnknownAddresses, opening } from '../ec2/security-group/internet';
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
  /** The security group rules that open the cluster port to everyone, alone or together with others, also of the other groups. */
  readonly open: readonly Permission[];
  /** Those for the cluster port from prefix lists that can't be read. */
  readonly unknown?: readonly Permission[];
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
    'Clients that depend on the open rule can no longer connect. The whole security group rule is revoked, for every resource in the group: if it opens a range of ports or all traffic, the other ports close too, and so do all addresses of a prefix list that contains the internet. After a rollback the rule has a new ID.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
  resource: cluster,
  detectedBy: { securityHub: ['Redshift.15'], config: ['redshift-unrestricted-port-access'] },
  permissions: {
    inspect: [{ actions: ['redshift:DescribeClusters'], on: clusters }, ...rangeReading, ...tagPermissions],
    change: groupChanging(['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress']),
  },
  clients: [RedshiftClient, EC2Client],
  commands: [RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand],

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(resource.id, aws);
    if (!found) return notFound;
    const port = found.Endpoint?.Port ?? null;
    const ids = (found.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
    const read: { readonly id: string; readonly owner: string; readonly ranges: readonly Permission[] }[] = [];
    for (const id of ids.toSorted()) {
      const group = await readIngressRanges(id, aws);
      if (group !== notFound) read.push({ id, ...group });
    }
    // Redshift uses TCP only.
    const traffic = port === null ? [] : [{ protocol: 'tcp', port }];
    const all = read.flatMap(({ ranges }) => ranges);
    const opens = new Set(traffic.flatMap((some) => opening(all, some)));
    const groups: Group[] = [];
    for (const { id, owner, ranges } of read) {
      const open = ranges.filter((one) => opens.has(one));
      const unknown = ofUnknownAddresses(ranges, traffic);
      const tags = open.length + unknown.length > 0 ? keptTags(await readTags({ ...resource, id }, aws)) : {};
      groups.push({ id, owner, open, ...(unknown.length > 0 && { unknown }), ...tags });
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
    if (open.length > 0) return open.flatMap((group) => revocations(group.id, 'ingress', group.open));
    const unread = groups.filter(({ unknown = [] }) => unknown.length > 0);
    const [unknown] = withoutExempt(unread, (group) => `the security group ${group.id}`, context).flatMap((group) =>
      withoutExempt(group.unknown ?? [], (one) => `${nameOfPermission(one)} in ${group.id}`, context),
    );
    return unknown ? addressesUnknown(unknown) : [];
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
