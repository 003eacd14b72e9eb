import { AuthorizeSecurityGroupIngressCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { integer, noneOf, plain } from '../detector-parameters';
import { withoutExempt } from '../exempt-parts';
import { defineRule, type MappedParameter } from '../rule';
import type { AddressRange } from './security-group/address-range';
import { groupChanging, listGroups } from './security-group/group';
import { rangeReading, readIngressRanges } from './security-group/ingress-ranges';
import { addressesUnknown, ofUnknownAddresses, opening, type Traffic } from './security-group/internet';
import { nameOfPermission, type Permission, restorations, revocations } from './security-group/permission';
import { securityGroup } from './security-group/resource';

const port = z.int().min(0).max(65_535);

const parameters = z.strictObject({
  ports: z.array(port).min(1).optional().describe('The ports to close, instead of those of the control.'),
  alsoPorts: z.array(port).default([]).describe('Ports to close in addition to those of the control.'),
  protocols: z
    .array(z.enum(['tcp', 'udp']))
    .min(1)
    .optional()
    .describe('The protocols whose ports are closed. Default: those of the control.'),
  addressFamilies: z
    .array(z.enum(['IPv4', 'IPv6']))
    .min(1)
    .optional()
    .describe('The address families to which ports are closed. Default: those of the control.'),
  shortestIpv4Prefix: z
    .int()
    .min(0)
    .max(32)
    .default(0)
    .describe('IPv4 ranges with a shorter prefix are also closed: 8 closes ranges wider than a /8. With 0, only the entire internet is.'),
  shortestIpv6Prefix: z
    .int()
    .min(0)
    .max(128)
    .default(0)
    .describe('IPv6 ranges with a shorter prefix are also closed: 32 closes ranges wider than a /32. With 0, only the entire internet is.'),
});

type Parameters = z.infer<typeof parameters>;

/** The ports, protocols and address families of a control. */
interface Scope {
  readonly ports: readonly number[];
  readonly protocols: readonly string[];
  readonly families: readonly AddressRange['family'][];
}

const administration: Scope = { ports: [22, 3389], protocols: ['tcp', 'udp'], families: [4, 6] };
const byTcp = (...ports: readonly number[]): Scope => ({ ports, protocols: ['tcp'], families: [4, 6] });

const scopes: Readonly<Record<string, Scope>> = {
  // AWS Config checks only TCP for these, and also UDP for those below.
  'EC2.13': byTcp(22),
  'restricted-ssh': byTcp(22),
  'EC2.14': byTcp(3389),
  'EC2.19': byTcp(
    ...[20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300],
  ),
  'restricted-common-ports': byTcp(20, 21, 3306, 3389, 4333),
  'EC2.53': { ...administration, families: [4] },
  'EC2.54': { ...administration, families: [6] },
  'vpc-sg-port-restriction-check': administration,
  'UnauthorizedAccess:EC2/SSHBruteForce': byTcp(22),
  'UnauthorizedAccess:EC2/RDPBruteForce': byTcp(3389),
};

const commonPorts = 'restricted-common-ports';

/** No packet has another one, so a detector that names one is misread. */
const portNumber = (text: string): number | undefined => {
  const read = integer(text);
  return read !== undefined && read <= 65_535 ? read : undefined;
};

const blocked = (detector: string, absent?: string): MappedParameter =>
  noneOf('ports', portNumber, { usual: scopes[detector]?.ports ?? [], ...(absent !== undefined && { absent }) });

/** What else the detector looks at is no concern of it. */
const oneOf = (sets: 'protocols' | 'addressFamilies', values: Readonly<Record<string, readonly string[]>>): MappedParameter => ({
  ...noneOf(sets, plain, { usual: values.ALL ?? [], absent: 'ALL' }),
  read: (text) => values[text.trim().toUpperCase()],
});

const ownFamily = { irrelevant: 'The control names the address family.' };

export default defineRule({
  id: 'ec2-security-group-admin-ports-closed',
  title: 'Security groups do not allow internet access to administration and database ports',
  why: 'Services on these ports are discovered within minutes, and attacked with guessed passwords and known vulnerabilities.',
  impact:
    'Clients that have access only through such a rule can no longer open connections. A rule is revoked completely: if it allows a range of ports, or all traffic, its other ports are closed, too, and so are all addresses of a prefix list that contains the internet. After a rollback, it has a new security group rule ID.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: securityGroup,
  property: 'SecurityGroupIngress',
  detectedBy: {
    securityHub: ['EC2.13', 'EC2.14', 'EC2.19', 'EC2.53', 'EC2.54'],
    config: ['restricted-ssh', 'restricted-common-ports', 'vpc-sg-port-restriction-check'],
    guardDuty: {
      types: ['UnauthorizedAccess:EC2/SSHBruteForce', 'UnauthorizedAccess:EC2/RDPBruteForce'],
      resourceRole: 'TARGET',
      nativeOnly: true,
    },
  },
  detectorParameters: {
    'EC2.19': { blockedPorts: blocked('EC2.19') },
    'EC2.53': { restrictPorts: blocked('EC2.53'), ipType: ownFamily },
    'EC2.54': { restrictPorts: blocked('EC2.54'), ipType: ownFamily },
    'restricted-common-ports': {
      blockedPort1: blocked(commonPorts, '20'),
      blockedPort2: blocked(commonPorts, '21'),
      blockedPort3: blocked(commonPorts, '3389'),
      blockedPort4: blocked(commonPorts, '3306'),
      blockedPort5: blocked(commonPorts, '4333'),
      blockedPorts: blocked(commonPorts),
    },
    'vpc-sg-port-restriction-check': {
      restrictPorts: blocked('vpc-sg-port-restriction-check'),
      protocolType: oneOf('protocols', { TCP: ['tcp'], UDP: ['udp'], ALL: ['tcp', 'udp'] }),
      ipType: oneOf('addressFamilies', { IPV4: ['IPv4'], IPV6: ['IPv6'], ALL: ['IPv4', 'IPv6'] }),
      excludeExternalSecurityGroups: { irrelevant: 'It only limits which security groups are reported.' },
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
    const scope = scopes[context.detectedBy] ?? administration;
    const traffic = trafficOf(scope, context.parameters);
    const open = withoutExempt(openPermissions(ranges, traffic, scope, context.parameters), nameOfPermission, context);
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

const trafficOf = (scope: Scope, { ports, alsoPorts, protocols }: Parameters): readonly Traffic[] =>
  [...new Set([...(ports ?? scope.ports), ...alsoPorts])].flatMap((port) =>
    (protocols ?? scope.protocols).map((protocol) => ({ protocol, port })),
  );

/** The permissions that open some of the traffic to the internet, alone or together with others. */
function openPermissions(
  permissions: readonly Permission[],
  traffic: readonly Traffic[],
  scope: Scope,
  { addressFamilies, shortestIpv4Prefix, shortestIpv6Prefix }: Parameters,
): readonly Permission[] {
  const shortest = { 4: shortestIpv4Prefix, 6: shortestIpv6Prefix };
  const families = addressFamilies?.map((family) => (family === 'IPv4' ? 4 : 6)) ?? scope.families;
  const open = new Set(traffic.flatMap((some) => opening(permissions, some, families, shortest)));
  return permissions.filter((permission) => open.has(permission));
}
