import { loadRules } from '../../functions/catalogue/catalogue';
import configurationPrivate from '../../rules/autoscaling/launch-configuration-private';
import allRegionsLogged from '../../rules/cloudtrail/account-all-regions-logged';
import defaultGroupClosed from '../../rules/ec2/default-security-group-closed';
import addressPrivate from '../../rules/ec2/instance-address-private';
import type { Permission } from '../../rules/ec2/security-group/permission';
import adminPortsClosed from '../../rules/ec2/security-group-admin-ports-closed';
import openPortsAuthorized from '../../rules/ec2/security-group-open-ports-authorized';
import snapshotNotPublic from '../../rules/ec2/snapshot-not-public';
import backupsAutomatic from '../../rules/elasticache/backups-automatic';
import minorUpgradesAutomatic from '../../rules/elasticache/minor-upgrades-automatic';
import httpRedirected from '../../rules/elb/load-balancer-http-redirected';
import detectorEnabled from '../../rules/guardduty/detector-enabled';
import globalVersionSupported from '../../rules/rds/global-cluster-version-supported';
import subnetsPrivate from '../../rules/rds/instance-subnets-private';
import clusterPortNotOpen from '../../rules/redshift/cluster-port-not-open';
import type { Json, PlanContext, Rule, Tags } from '../../rules/rule';

const account = '111122223333';
const place = { partition: 'aws', account, region: 'eu-west-1' };
const kept: Tags = { keep: 'yes' };
const permission = (ipv4: string, tags: Tags = {}): Permission => ({ protocol: 'tcp', from: 22, to: 22, ipv4, tags });
const some = [permission('0.0.0.0/0'), { ...permission('0.0.0.0/0', kept), to: 5439 }];

const subnet = (id: string, tags?: Tags) => ({ id, table: 'rtb-0a', public: true, ...(tags && { tags }) });
const address = (id: string, networkInterface: string, tags?: Tags) => ({
  ...{ allocation: `eipalloc-${id}`, association: `eipassoc-${id}`, networkInterface, privateAddress: '10.0.0.1' },
  ...(tags && { tags }),
});
const listener = (id: string, tags?: Tags) => ({
  arn: `arn:listener/${id}`,
  port: 80,
  actions: [{ Type: 'forward' }],
  ...(tags && { tags }),
});
const https = { arn: 'arn:listener/tls', port: 443, actions: [{ Type: 'forward' }] };

interface Case {
  // biome-ignore lint/suspicious/noExplicitAny: the state and the parameters are each rule's own.
  readonly rule: Rule<any, any>;
  readonly state: Json;
  readonly parameters?: unknown;
  /** What only the changes of the part that its tags keep have in their input, and those of the others; absent if that is the only part. */
  readonly kept: RegExp;
  readonly other?: RegExp;
}

const group = { kept: /5439/, other: /22/ };
const cases: readonly Case[] = [
  {
    ...group,
    rule: defaultGroupClosed,
    state: { name: 'default', owner: account, ingress: some, egress: [] },
    parameters: { evenInUse: true },
  },
  {
    ...group,
    rule: adminPortsClosed,
    state: { owner: account, ranges: some },
    parameters: { alsoPorts: [], shortestIpv4Prefix: 0, shortestIpv6Prefix: 0 },
  },
  {
    ...group,
    rule: openPortsAuthorized,
    state: { owner: account, ranges: some },
    parameters: { authorizedTcpPorts: '443', authorizedUdpPorts: '' },
  },
  { ...group, rule: clusterPortNotOpen, state: { port: 5439, groups: [{ id: 'sg-0a', owner: account, open: some }] } },
  {
    rule: clusterPortNotOpen,
    state: {
      port: 5439,
      groups: ['sg-0a', 'sg-0b'].map((id) => ({
        ...{ id, owner: account, open: [permission('0.0.0.0/0')] },
        ...(id === 'sg-0b' && { tags: kept }),
      })),
    },
    ...{ kept: /sg-0b/, other: /sg-0a/ },
  },
  {
    rule: snapshotNotPublic,
    state: {
      publicSnapshots: [
        { id: 'snap-0a', tags: {} },
        { id: 'snap-0b', tags: kept },
      ],
    },
    ...{ kept: /snap-0b/, other: /snap-0a/ },
  },
  {
    rule: addressPrivate,
    state: { interfaces: ['eni-0a'], open: { elastic: [address('0a', 'eni-0a'), address('0b', 'eni-0a', kept)] } },
    ...{ kept: /eipassoc-0b/, other: /eipassoc-0a/ },
  },
  {
    rule: addressPrivate,
    state: {
      interfaces: ['eni-0a', 'eni-0b'],
      open: { automatic: 'eni-0b', elastic: [address('0a', 'eni-0a'), address('0b', 'eni-0b')], tags: { 'eni-0b': kept } },
    },
    ...{ kept: /eni-0b|eipassoc-0b/, other: /eipassoc-0a/ },
  },
  {
    rule: subnetsPrivate,
    state: {
      vpc: 'vpc-0a',
      subnets: [subnet('subnet-0a'), subnet('subnet-0b', kept)],
      ...{ privateTables: ['rtb-0c'], shared: false, strangers: [] },
    },
    parameters: { privateRouteTables: ['rtb-0c'] },
    ...{ kept: /subnet-0b/, other: /subnet-0a/ },
  },
  {
    rule: httpRedirected,
    state: {
      http: [listener('0a'), listener('0b', kept)],
      https: [https],
      admitted: [],
    },
    parameters: { statusCode: 'HTTP_302' },
    ...{ kept: /0b/, other: /0a/ },
  },
  {
    rule: configurationPrivate,
    state: { noncompliant: true, groups: ['asg-0a', 'asg-0b'], moved: [], tags: { 'asg-0b': kept }, copy: 'ready' },
    // With a group that still uses it, the launch configuration stays.
    ...{ kept: /asg-0b|"LaunchConfigurationName":"sg-0a"/, other: /asg-0a/ },
  },
  {
    rule: detectorEnabled,
    state: { detectors: [{ id: 'd-0b', enabled: false, own: false, administrator: null, tags: kept }] },
    kept: /d-0b/,
  },
  {
    rule: globalVersionSupported,
    state: {
      ...{ engine: 'aurora-mysql', version: '8.0.mysql_aurora.3.04.0', status: 'available', readers: [] },
      writer: { region: 'eu-west-1', cluster: 'main-0b', tags: kept },
    },
    parameters: { minimumVersion: '8.0.mysql_aurora.3.04.3', longTermSupportVersions: [], applyImmediately: false },
    kept: /main-0b/,
  },
  { rule: backupsAutomatic, state: { days: 0, group: 'group-0b', tags: kept }, kept: /group-0b/ },
  { rule: minorUpgradesAutomatic, state: { automatic: false, group: 'group-0b', tags: kept }, kept: /group-0b/ },
  {
    rule: allRegionsLogged,
    state: {
      trails: [
        {
          arn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main-0b',
          ...{ everywhere: true, logging: false, complete: true, tags: kept },
        },
      ],
    },
    parameters: { bucket: 'trails' },
    kept: /main-0b/,
  },
];

const itself = 'it changes the resource itself, which its commands name by something else than its ID';
const denial = 'policies of a user or role have no tags of their own: inline ones, and those of AWS';
const ofAccount = 'it changes a setting of the account, which has no tags';
const own = 'it changes only what it has created';
const response = 'tags do not exempt from a response to a threat';
const copy = 'as autoscaling-launch-configuration-private, by the same code';

/** The other rules whose commands name something else than the ID of their resource, and why none of that is asked about. */
const notAsking: Readonly<Record<string, string>> = {
  'autoscaling-launch-configuration-metadata-v2': copy,
  'cloudfront-distribution-origin-bucket-owned': own,
  'cloudtrail-trail-events-in-log-group': own,
  'cloudwatch-account-activity-alarmed': 'it adds a metric filter to a log group, and changes nothing of it',
  'cloudwatch-alarm-actions-enabled': itself,
  'config-recorder-enabled': 'the one recorder of a Region is the setting of the account',
  'dynamodb-table-capacity-scaled': 'the scaling of a table is a setting of the table',
  'ec2-ebs-encryption-by-default': ofAccount,
  'ec2-instance-isolated': response,
  'ec2-instance-stopped-removed': itself,
  'ec2-snapshot-public-sharing-blocked': ofAccount,
  'ec2-vpc-endpoint-for-ec2': own,
  'ec2-vpc-flow-logs-enabled': own,
  'ecs-task-definition-containers-logged': own,
  'ecs-task-definition-environment-without-keys': own,
  'ecs-task-definition-not-privileged': own,
  'ecs-task-definition-process-namespace-own': own,
  'ecs-task-definition-root-filesystem-read-only': own,
  'emr-public-access-blocked': ofAccount,
  'iam-external-access-analyzed': own,
  'iam-password-policy-strong': ofAccount,
  'iam-role-sessions-revoked': denial,
  'iam-support-role-present': own,
  'iam-user-quarantined': denial,
  'inspector-scans-enabled': ofAccount,
  'lambda-function-stopped': response,
  'macie-sensitive-data-discovered': ofAccount,
  'macie-session-enabled': ofAccount,
  'rds-instance-isolated': response,
  'redshiftserverless-namespace-logs-exported': itself,
  'redshiftserverless-workgroup-not-public': itself,
  'redshiftserverless-workgroup-tls-required': itself,
  'redshiftserverless-workgroup-vpc-routed': itself,
  's3-account-public-access-blocked': ofAccount,
  'sqs-queue-encrypted': itself,
  'sqs-queue-policy-not-public': itself,
  'ssm-document-public-sharing-blocked': ofAccount,
  'ssm-instance-managed': itself,
  'ssm-instance-patched': itself,
  'ssm-instance-vulnerabilities-patched': itself,
};

it('covers each rule whose commands name other things than its resource', () => {
  const asking = cases.map(({ rule }) => rule.id);
  const acting = loadRules().flatMap(({ rule }) => (rule.targets && !asking.includes(rule.id) ? [rule.id] : []));
  expect(acting.toSorted()).toEqual(Object.keys(notAsking).toSorted());
});

describe.each(cases)('$rule.id leaves $kept', ({ rule, state, parameters = {}, kept: keptPart, other }) => {
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

  it('changes each part that nothing exempts', () => expect(inputsWith()).toMatch(keptPart));

  it('leaves the part that its own tags exempt, and changes the rest', () => {
    const asked: string[] = [];
    const inputs = inputsWith((part, tags) => {
      asked.push(part);
      return tags.keep === 'yes';
    });
    expect(inputs).not.toMatch(keptPart);
    if (other) expect(inputs).toMatch(other);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('changes nothing where all are exempt', () => expect(inputsWith(() => true)).toBe('[]'));
});
