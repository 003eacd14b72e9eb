import { AuthorizeSecurityGroupIngressCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { defineRule } from '../rule';
import { parseRange } from './security-group/address-range';
import { groupChanging, groupReading, listGroups } from './security-group/group';
import { readIngressRanges } from './security-group/ingress-ranges';
import { type Permission, restorations, revocations } from './security-group/permission';
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
    message: 'Ports are from 0 to 65535, and a range begins with the lower one: 443,1020-1025.',
  });

const parameters = z.strictObject({
  authorizedTcpPorts: ports.default('80,443').describe('The TCP ports that may be open to everybody, with ranges as in `443,1020-1025`.'),
  authorizedUdpPorts: ports.default('').describe('The UDP ports that may be open to everybody, written alike; none if left out.'),
});

type Parameters = z.infer<typeof parameters>;

export default defineRule({
  id: 'ec2-security-group-open-ports-authorized',
  title: 'Security groups open to the whole internet no ports but the authorized ones',
  why: 'Each port that is open to everybody is one more service to be attacked, and often one that nobody knows is there.',
  impact:
    'Clients that came in by nothing but the opening are shut out at their next connection. A permission is revoked as a whole: where it also opens authorized ports, as all traffic does, these close with it. After a rollback it has another security group rule id.',
  severity: 'high',
  risk: 'disruptive',
  resource: securityGroup,
  property: 'SecurityGroupIngress',
  detectedBy: { securityHub: ['EC2.18'], config: ['vpc-sg-open-only-to-authorized-ports'] },
  permissions: {
    inspect: groupReading,
    change: groupChanging(['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress']),
  },
  clients: [EC2Client],
  commands: [RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand],
  parameters,

  inspect: ({ id }, aws) => readIngressRanges(id, aws),

  plan({ id, account }, { owner, ranges }, { parameters: authorized }) {
    const open = ranges.filter((permission) => isOpen(permission) && !isAuthorized(permission, authorized));
    if (open.length > 0 && owner !== account)
      return { unfixable: `The security group ${id} belongs to account ${owner}, which alone can change it.` };
    return revocations(id, 'ingress', open);
  },

  revertOwnPart: ({ id }, now, { before, after }) =>
    restorations(id, 'ingress', { before: before.ranges, after: after.ranges, now: now.ranges }),

  list: (place, aws) => listGroups(place, aws),
});

const isOpen = ({ ipv4, ipv6 }: Permission): boolean => parseRange(ipv4 ?? ipv6 ?? '')?.prefix === 0;

function isAuthorized({ protocol, from, to }: Permission, { authorizedTcpPorts, authorizedUdpPorts }: Parameters): boolean {
  if (protocol === '-1') return false;
  const authorized = portsIn(protocol === 'tcp' ? authorizedTcpPorts : authorizedUdpPorts).toSorted((a, b) => a.from - b.from);
  const opened = from === -1 ? { from: 0, to: lastPort } : { from, to };
  // The lowest port that no range so far authorizes.
  const left = authorized.reduce((next, range) => (range.from <= next ? Math.max(next, range.to + 1) : next), opened.from);
  return left > opened.to;
}
