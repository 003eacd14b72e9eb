import { AuthorizeSecurityGroupIngressCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { withoutExempt } from '../exempt-parts';
import { defineRule, type Json, type MappedParameter } from '../rule';
import { groupChanging, listGroups } from './security-group/group';
import { rangeReading, readIngressRanges } from './security-group/ingress-ranges';
import { addressesUnknown, ofUnknownAddresses, opening, type Traffic } from './security-group/internet';
import { nameOfPermission, type Permission, restorations, revocations } from './security-group/permission';
import { securityGroup } from './security-group/resource';

const lastPort = 65_535;

interface PortRange {
  readonly from: number;
  readonly to: number;
}

const portsIn = (text: string): readonly PortRange[] =>
  (text === '' ? [] : text.split(',')).map((part) => {
    const [from = '', to = from] = part.split('-');
    return { from: Number(from), to: Number(to) };
  });

const ports = z
  .string()
  .regex(/^(\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)?$/)
  .refine((text) => portsIn(text).every(({ from, to }) => from <= to && to <= lastPort), {
    message: 'Ports are 0 to 65535, and a range starts with the lower port: 443,1020-1025.',
  });

const parameters = z.strictObject({
  authorizedTcpPorts: ports
    .default('80,443')
    .describe('The TCP ports that may be open to the internet, including ranges, as in `443,1020-1025`.'),
  authorizedUdpPorts: ports.default('').describe('The UDP ports that may be open to the internet, in the same format. Default: none.'),
});

type Parameters = z.infer<typeof parameters>;

/** Ports that both lists authorize. */
function commonPorts(one: Json, other: Json): Json {
  const ranges = portsIn(String(one)).flatMap((a) =>
    portsIn(String(other)).map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })),
  );
  const common = ranges.filter(({ from, to }) => from <= to).toSorted((a, b) => a.from - b.from || a.to - b.to);
  return [...new Set(common.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)))].join(',');
}

const authorized = (sets: 'authorizedTcpPorts' | 'authorizedUdpPorts', absent?: string): MappedParameter => ({
  sets,
  read: (text) => {
    const read = ports.safeParse(text.replace(/\s/g, ''));
    return read.success ? read.data : undefined;
  },
  strictest: commonPorts,
  cuts: true,
  ...(absent !== undefined && { absent }),
});

export default defineRule({
  id: 'ec2-security-group-open-ports-authorized',
  title: 'Security groups open only authorized ports to the internet',
  why: 'Each port that is open to the internet exposes one more service to attacks, often one that nobody knows about.',
  impact:
    'Clients that have access only through such a rule can no longer open connections. A rule is revoked completely: if it also allows authorized ports, as a rule for all traffic does, they are closed, too, and so are all addresses of a prefix list that contains the internet. After a rollback, it has a new security group rule ID.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
  resource: securityGroup,
  property: 'SecurityGroupIngress',
  detectedBy: { securityHub: ['EC2.18'], config: ['vpc-sg-open-only-to-authorized-ports'] },
  detectorParameters: {
    'EC2.18': { authorizedTcpPorts: authorized('authorizedTcpPorts'), authorizedUdpPorts: authorized('authorizedUdpPorts') },
    // The Config rule authorizes no port by default.
    'vpc-sg-open-only-to-authorized-ports': {
      authorizedTcpPorts: authorized('authorizedTcpPorts', ''),
      authorizedUdpPorts: authorized('authorizedUdpPorts', ''),
    },
  },
  permissions: {
    inspect: rangeReading,
    change: groupChanging(['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress']),
  },
  clients: [EC2Client],
  commands: [RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand],
  parameters,

  inspect: ({ id }, aws) => readIngressRanges(id, aws),

  plan({ id, account }, { owner, ranges }, context) {
    const traffic = unauthorized(ranges, context.parameters);
    const found = new Set(traffic.flatMap((some) => opening(ranges, some)));
    const open = withoutExempt(
      ranges.filter((one) => found.has(one)),
      nameOfPermission,
      context,
    );
    const [unknown] = open.length > 0 ? [] : withoutExempt(ofUnknownAddresses(ranges, traffic), nameOfPermission, context);
    if ((open.length > 0 || unknown) && owner !== account)
      return {
        unfixable: `The security group ${id} belongs to account ${owner}, and only that account can change it.`,
        code: 'owned-by-other-account',
      };
    return unknown ? addressesUnknown(unknown) : revocations(id, 'ingress', open);
  },

  revertOwnPart: ({ id }, now, { before, after }) =>
    restorations(id, 'ingress', { before: before.ranges, after: after.ranges, now: now.ranges }),

  list: (place, aws) => listGroups(place, aws),
});

/** Unauthorized traffic, one port for all that the same permissions allow: their lowest, and the one after an authorized or allowed range. */
function unauthorized(permissions: readonly Permission[], { authorizedTcpPorts, authorizedUdpPorts }: Parameters): readonly Traffic[] {
  const traffic = [
    { protocol: 'tcp', authorized: portsIn(authorizedTcpPorts) },
    { protocol: 'udp', authorized: portsIn(authorizedUdpPorts) },
  ].flatMap(({ protocol, authorized }) => {
    const ranges = permissions.filter((one) => one.protocol === protocol && one.from !== -1);
    const lowest = [0, ...ranges.map(({ from }) => from), ...[...ranges, ...authorized].map(({ to }) => to + 1)];
    const isUnauthorized = (port: number) => port <= lastPort && !authorized.some(({ from, to }) => from <= port && port <= to);
    return [...new Set(lowest)].filter(isUnauthorized).map((port) => ({ protocol, port }));
  });
  // A permission for all traffic allows more than TCP and UDP, whatever is authorized of these.
  return [...traffic, { protocol: '-1', port: 0 }];
}
