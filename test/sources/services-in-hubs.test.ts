import { readFileSync } from 'node:fs';
import path from 'node:path';
import { retryMessage } from '../../functions/findings/retry-message';
import { readEvent } from '../../functions/sources/read-event';
import { readMessage } from '../../functions/sources/read-message';
import { eventPatterns } from '../../infra/route/event-pattern';
import type { Rule } from '../../rules/rule';
import { matches } from '../emulator/event-pattern';
import { resources } from '../events/resources';
import { accessAnalyzerFinding, guardDutyFinding, inspectorFinding, macieFinding } from '../events/service-finding';
import {
  accessAnalyzerInCspm,
  guardDutyInCspm,
  guardDutyInV2,
  inspectorInCspm,
  inspectorInV2,
  macieInCspm,
  macieInV2,
} from '../events/service-in-hubs';
import { kinds } from './sought';

const { instance, bucket } = resources();
const role = { type: 'AWS::IAM::Role', arn: 'arn:aws:iam::111122223333:role/app' };
const roles = { ...kinds.user, type: 'AWS::IAM::Role', arn: 'arn:aws:iam::{account}:role/{path}{id}' };
const patched = 'PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE';
const mining = { type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS', resource: instance, resourceRole: 'ACTOR' };
const used = { type: 'UnauthorizedAccess:IAMUser/TorIPCaller', resource: role };
const open = { type: 'Policy:IAMUser/S3BucketPublic', resource: bucket };
const none = { securityHub: [], config: [] };

type Sought = Pick<Rule, 'id' | 'detectedBy' | 'resource' | 'response'>;
const rules: Readonly<Record<'isolated' | 'revoked' | 'patched' | 'blocked' | 'closed', Sought>> = {
  isolated: {
    id: 'a-rule',
    detectedBy: { ...none, guardDuty: { types: [mining.type], resourceRole: 'ACTOR' } },
    resource: kinds.instance,
    response: true,
  },
  revoked: { id: 'a-rule', detectedBy: { ...none, guardDuty: { types: [used.type] } }, resource: roles, response: true },
  patched: {
    id: 'a-rule',
    detectedBy: { ...none, inspector: { types: [patched], severities: ['CRITICAL', 'HIGH'] } },
    resource: kinds.instance,
  },
  blocked: { id: 'a-rule', detectedBy: { ...none, macie: [open.type] }, resource: kinds.bucket },
  closed: { id: 'a-rule', detectedBy: { ...none, accessAnalyzer: ['PublicAccess/AWS::S3::Bucket'] }, resource: kinds.bucket },
};

/** Each fault as the service reports it, and as both hubs hold it. */
const faults: readonly (readonly [string, Sought, object, readonly object[]])[] = [
  ['an instance that mines coins', rules.isolated, guardDutyFinding(mining), [guardDutyInCspm(mining), guardDutyInV2(mining)]],
  ['a role that somebody else uses', rules.revoked, guardDutyFinding(used), [guardDutyInCspm(used), guardDutyInV2(used)]],
  [
    'a vulnerable package',
    rules.patched,
    inspectorFinding({ type: patched, resource: instance }),
    [inspectorInCspm({ resource: instance }), inspectorInV2({ resource: instance })],
  ],
  ['a public bucket of Macie', rules.blocked, macieFinding(open), [macieInCspm(open), macieInV2(open)]],
  [
    'a public bucket of IAM Access Analyzer',
    rules.closed,
    accessAnalyzerFinding({ resource: bucket }),
    [accessAnalyzerInCspm({ resource: bucket })],
  ],
];

const only = (rule: Sought, event: unknown) => {
  const { findings, refusals } = readEvent(rule, event, {});
  expect(refusals).toEqual([]);
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  if (!finding) throw new Error('There is no finding.');
  return finding;
};

const refusedAs = (rule: Sought, event: unknown) => {
  const { findings, refusals } = readEvent(rule, event, {});
  expect(findings).toEqual([]);
  return refusals.map(({ kind, code }) => `${kind} ${code}`);
};

const isRouted = (rule: Sought, event: object): boolean => eventPatterns(rule).some((pattern) => matches(pattern, event));

/** A copy of the event whose finding has other values at these paths. */
function spoil(event: object, changes: Readonly<Record<string, unknown>>): object {
  const copy = structuredClone(event);
  for (const [at, value] of Object.entries(changes)) {
    const keys = at.split('>');
    const base: unknown = Reflect.get(Reflect.get(copy, 'detail') as object, 'findings');
    const parent = keys.slice(0, -1).reduce<unknown>((from, key) => Reflect.get(from as object, key), Reflect.get(base as object, '0'));
    Reflect.set(parent as object, keys.at(-1) ?? '', value);
  }
  return copy;
}

describe.each(faults)('%s', (_, rule, native, inHubs) => {
  it('is the same finding in both hubs, which are told of the end, and has a route', () => {
    const own = only(rule, native);
    for (const event of inHubs) {
      expect(isRouted(rule, event)).toBe(true);
      const { source, detectedBy, partition, account, region, evidence, ...rest } = only(rule, event);
      expect({ source, detectedBy, partition, account, region }).toEqual({
        source: own.source,
        detectedBy: own.detectedBy,
        partition: own.partition,
        account: own.account,
        region: own.region,
      });
      // By what a response decides whom to contain with.
      expect([evidence?.['accessKeyId'] !== undefined, evidence?.['lastSeenAt']]).toEqual([
        own.evidence?.['accessKeyId'] !== undefined,
        own.evidence?.['lastSeenAt'],
      ]);
      expect(rest.securityHub ?? rest.securityHubV2).toBeDefined();
      expect(rest.resource.kind).toBe(own.resource.kind);
    }
  });

  it('is read again from a message, and no message says that another product reported it', () => {
    for (const event of inHubs) {
      const finding = only(rule, event);
      const message = JSON.parse(JSON.stringify(retryMessage({ finding, number: 0 }))) as { finding: Record<string, unknown> };
      expect(readMessage(rule, message, {})).toMatchObject({ finding: { id: finding.id, source: finding.source } });
      const productArn = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';
      const forged = { ...message, finding: { ...message.finding, securityHub: { id: finding.id, productArn } } };
      expect(readMessage(rule, forged, {})).toMatchObject({ refusal: { code: 'contradictory-event' } });
    }
  });

  it('is none of a product that anybody can import', () => {
    for (const event of inHubs) {
      for (const product of [
        'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
        'arn:aws:securityhub:eu-west-1:111122223333:product/aws/guardduty',
        'arn:aws:securityhub:eu-west-1::product/acme/guardduty',
        'arn:aws:securityhub:eu-west-1::product/aws/guardduty/x',
        'arn:aws:securityhub:::product/aws/inspector',
        'arn:aws:iam:eu-west-1::product/aws/macie',
        'GuardDuty',
      ]) {
        const forged = spoil(event, { ProductArn: product, metadata: { uid: 'f', product: { uid: product, name: 'GuardDuty' } } });
        expect(readEvent(rule, forged, {}).findings).toEqual([]);
      }
    }
  });

  it('is refused where the place of one part is another', () => {
    for (const event of inHubs) {
      for (const changes of [
        { Region: 'us-east-1', cloud: { account: { uid: '111122223333' }, region: 'us-east-1' } },
        { ProductFields: {}, AwsAccountId: '999999999999', cloud: { account: { uid: '999999999999' }, region: 'eu-west-1' } },
        { 'Resources>0>Region': 'us-east-1', 'resources>0>region': 'us-east-1' },
        { 'Resources>0>Partition': 'aws-cn', 'resources>0>cloud_partition': 'aws-cn' },
      ]) {
        const format = 'ProductArn' in (event as { detail: { findings: [object] } }).detail.findings[0] ? /^[A-Z]/ : /^[a-z]/;
        const own = Object.fromEntries(Object.entries(changes).filter(([key]) => format.test(key)));
        const [refusal = ''] = refusedAs(rule, spoil(event, own));
        expect(refusal).toMatch(/^invalid (contradictory-event|foreign-account)$/);
      }
    }
  });

  it('requires no action once a person suppressed or resolved it, and has no route then', () => {
    for (const event of inHubs)
      for (const [status, id] of [
        ['SUPPRESSED', 3],
        ['RESOLVED', 4],
      ] as const) {
        const closed = spoil(event, { Workflow: { Status: status }, status_id: id });
        expect(isRouted(rule, closed)).toBe(false);
        expect(refusedAs(rule, closed)).toEqual(['ignored workflow-status']);
      }
  });

  it('is not news where only our own note is new', () => {
    for (const event of inHubs) {
      const note = { Text: 'Fixed by a-rule.', UpdatedBy: 'posture-remediator', UpdatedAt: '2026-11-20T09:40:00Z' };
      const comment = 'posture-remediator 2026-11-20T09:40:00.000Z: Fixed by a-rule.';
      const told = spoil(event, { Workflow: { Status: 'NOTIFIED' }, Note: note, status_id: 2, comment });
      expect(refusedAs(rule, told)).toEqual(['ignored own-update']);
      const later = '2026-11-20T12:00:00Z';
      const info = Reflect.get((told as { detail: { findings: [object] } }).detail.findings[0], 'finding_info') as object;
      expect(
        readEvent(rule, spoil(told, { UpdatedAt: later, ...(info && { 'finding_info>modified_time_dt': later }) }), {}).findings,
      ).toHaveLength(1);
    }
  });

  it('does not harm whatever stands in it', () => {
    const poisons = [
      'x'.repeat(1_000_000),
      null,
      [null],
      -1,
      {},
      JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
      'half \ud83d',
    ] as const;
    for (const event of inHubs) {
      const [finding = {}] = (event as { detail: { findings: [object] } }).detail.findings;
      for (const key of Object.keys(finding))
        for (const poison of poisons) {
          const { findings, refusals } = readEvent(rule, spoil(event, { [key]: poison }), {});
          expect(JSON.stringify(findings).length).toBeLessThan(5_000);
          for (const { reason } of refusals) expect(reason.length).toBeLessThan(1_000);
        }
    }
  });
});

describe('a finding of GuardDuty in a hub', () => {
  it.each([
    ['Security Hub CSPM', guardDutyInCspm],
    ['OCSF', guardDutyInV2],
  ])('is no threat of an instance that is the target, or whose role nobody says: %s', (_, make) => {
    const attacked = make({ ...mining, resourceRole: 'TARGET' });
    expect([isRouted(rules.isolated, attacked), refusedAs(rules.isolated, attacked)]).toEqual([false, ['ignored other-finding-type']]);
    const unsaid = spoil(make(mining), { ProductFields: {}, evidences: [] });
    expect([isRouted(rules.isolated, unsaid), refusedAs(rules.isolated, unsaid)]).toEqual([false, ['ignored other-finding-type']]);
  });

  it('is of the type that GuardDuty gave it, whatever a person wrote', () => {
    const written = spoil(guardDutyInCspm({ ...mining, type: 'Recon:EC2/PortProbeUnprotectedPort' }), {
      Types: ['TTPs/Command and Control/CryptoCurrency:EC2-BitcoinTool.B!DNS'],
    });
    expect(refusedAs(rules.isolated, written)).toEqual(['ignored other-finding-type']);
  });

  it.each([
    ['a container beside it', 'AwsEksCluster'],
    ['an access key beside it', 'AwsIamAccessKey'],
  ])('names no instance with %s', (_, Type) => {
    const event = guardDutyInCspm(mining);
    const [own] = (event.detail.findings as unknown as readonly [{ readonly Resources: readonly object[] }])[0].Resources;
    expect(
      refusedAs(rules.isolated, spoil(event, { Resources: [own, { Type, Id: 'another', Partition: 'aws', Region: 'eu-west-1' }] })),
    ).toEqual(['ignored other-resource-type']);
  });

  it('drives no response where it is a sample', () => {
    for (const changes of [
      { Sample: true },
      { Title: '[SAMPLE] The instance mines coins.' },
      { 'ProductFields>aws/guardduty/service/additionalInfo/sample': 'true' },
      { 'ProductFields>aws/guardduty/service/additionalInfo/value': '{"sample":true}' },
    ])
      expect(refusedAs(rules.isolated, spoil(guardDutyInCspm(mining), changes))).toEqual(['ignored sample-finding']);
    expect(refusedAs(rules.isolated, spoil(guardDutyInV2(mining), { 'finding_info>title': '[SAMPLE] It mines.' }))).toEqual([
      'ignored sample-finding',
    ]);
  });

  it('is of no principal whose type nobody says, or of several', () => {
    const event = guardDutyInCspm(used);
    const untyped = spoil(event, { 'Resources>0>Details>AwsIamAccessKey': { PrincipalName: 'app' } });
    expect(refusedAs(rules.revoked, untyped)).toEqual(['ignored other-resource-type']);
    const [own] = (event.detail.findings as unknown as readonly [{ readonly Resources: readonly object[] }])[0].Resources;
    const other = { ...own, Details: { AwsIamAccessKey: { PrincipalName: 'another', PrincipalType: 'AssumedRole' } } };
    expect(refusedAs(rules.revoked, spoil(event, { Resources: [own, other] }))).toEqual(['ignored other-resource-type']);
    expect(refusedAs(rules.revoked, spoil(guardDutyInV2(used), { 'resources>0>data': undefined }))).toEqual([
      'ignored other-resource-type',
    ]);
  });

  it('is not refused for what a rule without GuardDuty would refuse', () => {
    expect(refusedAs(rules.closed, guardDutyInCspm(mining))).toEqual(['ignored untrusted-product']);
    expect(refusedAs(rules.closed, guardDutyInV2(mining))).toEqual(['ignored unsupported-event']);
  });

  it('without the form that a real one has leads to nothing', () => {
    const event: unknown = JSON.parse(readFileSync(path.resolve(__dirname, '../events/guardduty-asff-without-principal.json'), 'utf8'));
    expect(readEvent(rules.revoked, event, {}).findings).toEqual([]);
  });
});

describe('a vulnerability in a hub has no route, and is refused', () => {
  it.each([
    ['of another severity', { Severity: { Label: 'LOW' }, FindingProviderFields: undefined, severity_id: 2, vendor_attributes: undefined }],
    [
      'that a person called severe',
      { Severity: { Label: 'HIGH' }, FindingProviderFields: { Severity: { Label: 'LOW' } }, vendor_attributes: { severity_id: 2 } },
    ],
    ['without a fix', { 'Vulnerabilities>0>FixAvailable': 'NO', 'vulnerabilities>0>is_fix_available': false }],
    [
      'in a package of npm',
      {
        'Vulnerabilities>0>VulnerablePackages>0>PackageManager': 'NPM',
        'vulnerabilities>0>affected_packages>0>package_manager': 'NPM',
      },
    ],
    ['of a container image', { 'Resources>0>Type': 'AwsEcrContainerImage', 'resources>0>type': 'AWS::ECR::ContainerImage' }],
  ])('%s', (name, changes) => {
    for (const [event, format] of [
      [inspectorInCspm({ resource: instance }), /^[A-Z]/],
      [inspectorInV2({ resource: instance }), /^[a-z]/],
    ] as const) {
      const own = Object.fromEntries(Object.entries(changes).filter(([key]) => format.test(key)));
      const other = spoil(event, own);
      // A pattern does not know who wrote the severity.
      if (name !== 'that a person called severe') expect(isRouted(rules.patched, other)).toBe(false);
      expect(refusedAs(rules.patched, other)[0]).toMatch(
        /^ignored (other-severity|no-fix-available|no-system-package|other-finding-type)$/,
      );
    }
  });
});

it('a finding of access for another account is none of public access', () => {
  const event = spoil(accessAnalyzerInCspm({ resource: bucket }), { Title: 'AwsS3Bucket/x/ allows cross-account access' });
  expect([isRouted(rules.closed, event), refusedAs(rules.closed, event)]).toEqual([false, ['ignored not-failed']]);
});

it('an analyzer of the organization reports for the account of the resource', () => {
  const event = spoil(accessAnalyzerInCspm({ resource: bucket }), {
    AwsAccountId: '999988887777',
    Id: `arn:aws:access-analyzer:eu-west-1:999988887777:analyzer/all/${bucket.arn}`,
  });
  const fromAdministrator = { ...event, account: '999988887777' };
  expect(readEvent(rules.closed, fromAdministrator, { centralAccount: '999988887777' }).findings).toMatchObject([
    { account: '111122223333' },
  ]);
  expect(refusedAs(rules.closed, fromAdministrator)).toEqual(['invalid foreign-account']);
});

it('a finding reaches the home Region of the administrator, and nobody else', () => {
  for (const [rule, event] of [
    [rules.isolated, guardDutyInCspm(mining)],
    [rules.isolated, guardDutyInV2(mining)],
  ] as const) {
    const home = { ...event, account: '999988887777', region: 'us-east-1' };
    expect(readEvent(rule, home, { centralAccount: '999988887777' }).findings).toMatchObject([{ region: 'eu-west-1' }]);
    expect(refusedAs(rule, home)).toEqual(['invalid foreign-account']);
  }
});

it('a custom action on a finding of a service is none of a control', () => {
  const event = {
    ...guardDutyInCspm(mining),
    'detail-type': 'Security Hub Findings - Custom Action',
    resources: ['arn:aws:securityhub:eu-west-1:111122223333:action/custom/PostureFix'],
  };
  const asked = { ...event, detail: { ...event.detail, actionName: 'Fix' } };
  expect(refusedAs(rules.isolated, asked)).toEqual(['ignored untrusted-product']);
});
