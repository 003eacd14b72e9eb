import defaultGroupClosed from '../../rules/ec2/default-security-group-closed';
import type { Permission } from '../../rules/ec2/security-group/permission';
import adminPortsClosed from '../../rules/ec2/security-group-admin-ports-closed';
import openPortsAuthorized from '../../rules/ec2/security-group-open-ports-authorized';
import snapshotNotPublic from '../../rules/ec2/snapshot-not-public';
import clusterPortNotOpen from '../../rules/redshift/cluster-port-not-open';
import type { Json, PlanContext, Rule, Tags } from '../../rules/rule';

const account = '111122223333';
const place = { partition: 'aws', account, region: 'eu-west-1' };
const kept: Tags = { keep: 'yes' };
const permission = (ipv4: string, tags: Tags = {}): Permission => ({ protocol: 'tcp', from: 22, to: 22, ipv4, tags });
const some = [permission('0.0.0.0/0'), { ...permission('0.0.0.0/0', kept), to: 5439 }];

// biome-ignore lint/suspicious/noExplicitAny: the state and the parameters are each rule's own.
const cases: readonly (readonly [Rule<any, any>, Json, unknown])[] = [
  [defaultGroupClosed, { name: 'default', owner: account, ingress: some, egress: [] }, { evenInUse: true }],
  [adminPortsClosed, { owner: account, ranges: some }, { alsoPorts: [], shortestIpv4Prefix: 0, shortestIpv6Prefix: 0 }],
  [openPortsAuthorized, { owner: account, ranges: some }, { authorizedTcpPorts: '443', authorizedUdpPorts: '' }],
  [clusterPortNotOpen, { port: 5439, groups: [{ id: 'sg-0a', owner: account, open: some }] }, {}],
  [
    snapshotNotPublic,
    {
      publicSnapshots: [
        { id: 'snap-0a', tags: {} },
        { id: 'snap-0b', tags: kept },
      ],
    },
    {},
  ],
];

describe.each(cases)('$id', (rule, state, parameters) => {
  const resource = {
    ...place,
    type: 'AWS::EC2::SecurityGroup',
    id: 'sg-0a',
    arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a',
  };
  const inputsWith = (isExempt?: NonNullable<PlanContext<unknown>['isExempt']>) => {
    const context = { parameters, detectedBy: rule.detectedBy.securityHub[0] ?? '', now: new Date(0), ...(isExempt && { isExempt }) };
    return JSON.stringify((rule.plan(resource, state, context) as readonly { readonly do: object }[]).map((change) => change.do));
  };
  const keptPart = /5439|snap-0b/;

  it('changes each part that nothing exempts', () => expect(inputsWith()).toMatch(keptPart));

  it('leaves the part that its own tags exempt, and changes the rest', () => {
    const asked: string[] = [];
    const inputs = inputsWith((part, tags) => {
      asked.push(part);
      return tags.keep === 'yes';
    });
    expect(inputs).not.toMatch(keptPart);
    expect(inputs).toMatch(/22|snap-0a/);
    expect(asked).toHaveLength(2);
  });

  it('changes nothing where all are exempt', () => expect(inputsWith(() => true)).toBe('[]'));
});
