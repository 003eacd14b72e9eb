import { detectorsOf } from '../../rules/detectors';
import { type Place, type ResourceKind, type Rule, toArray } from '../../rules/rule';
import { parseArn } from '../aws/arn';
import { isRegion } from '../aws/region';
import type { Attempt } from '../findings/attempt';
import type { Refusal, RefusalCode, Source } from '../findings/finding';
import { reportedAs } from '../findings/reported';
import { findingIdOf } from '../findings/requester';
import { type RetryMessage, retryMessageShape } from '../findings/retry-message';
import { quote } from '../untrusted-text';
import { type Claim, contradiction } from './contradiction';
import { type DriftOrigin, driftPrefix } from './drift/event';
import type { Scope } from './envelope';
import { isService, productArnOf } from './security-hub/services/product';
import { check } from './shape';

type Sought = Pick<Rule, 'detectedBy' | 'resource'>;
type Said = RetryMessage['finding'];

/** Whether the event is a message of ours with a finding, and not an event of a source. */
export const isMessage = (event: unknown): event is { readonly finding: unknown } =>
  typeof event === 'object' && event !== null && Object.hasOwn(event, 'finding');

/**
 * The finding of a message, which is validated like one of an event: whoever can invoke the function could have written it. Undefined for
 * any other event.
 */
export function readMessage(
  rule: Sought,
  event: unknown,
  { partition }: Pick<Scope, 'partition'> = {},
): Attempt | { readonly refusal: Refusal } | undefined {
  if (!isMessage(event)) return undefined;
  const parsed = check(retryMessageShape, event, 'message');
  if ('problem' in parsed) return refuse('malformed-event', parsed.problem);
  const { finding, number, remediation, deferred, deadline, open, look, ticket, requestedBy } = parsed.value;
  const { resource, ...said } = finding;
  const kind = toArray(rule.resource).find(({ type }) => type === resource.type);
  if (!kind) {
    const supported = toArray(rule.resource).map(({ type }) => type);
    return refuse(
      'other-resource-type',
      `message.finding.resource.type is ${quote(resource.type)}, not ${supported.join(' or ')}.`,
      said.id,
    );
  }
  const wrong = misplaced(finding, partition) ?? otherDetector(rule, finding) ?? otherResource(kind, finding) ?? otherOrigin(finding);
  if (wrong) return refuse(wrong.code, wrong.problem, said.id);
  return {
    finding: { ...said, resource: { kind, reported: resource.reported } } as Attempt['finding'],
    number,
    ...(remediation !== undefined && { remediation }),
    ...(deferred && { deferred }),
    ...(deadline && { deadline }),
    ...(open !== undefined && { open }),
    ...(look !== undefined && { look }),
    ...(ticket && { ticket }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

interface Wrong {
  readonly code: RefusalCode;
  readonly problem: string;
}

const refuse = (code: RefusalCode, reason: string, findingId?: string): { readonly refusal: Refusal } => ({
  refusal: { kind: 'invalid', code, reason, ...(findingId !== undefined && { findingId }) },
});

const contradicts = (problem: string | undefined): Wrong | undefined =>
  problem === undefined ? undefined : { code: 'contradictory-event', problem };

function misplaced({ partition, region }: Said, own: string | undefined): Wrong | undefined {
  if (!isRegion(region)) return { code: 'malformed-event', problem: `message.finding.region is ${quote(region)}, which is not a Region.` };
  return contradicts(contradiction([['message.finding.partition', partition, own ?? partition]]));
}

function otherDetector({ detectedBy }: Sought, { source, detectedBy: by }: Said): Wrong | undefined {
  const known = detectorsFrom(source, detectedBy);
  if (known.includes(by)) return undefined;
  const own = known.join(', ') || 'nothing';
  const problem = `message.finding.detectedBy is ${quote(by)}. From the source ${source}, this rule remediates ${own}.`;
  return { code: otherCodes[source] ?? 'other-control', problem };
}

function detectorsFrom(source: Source, detectedBy: Sought['detectedBy']): readonly string[] {
  switch (source) {
    case 'config':
      return detectedBy.config;
    // The app itself looks for no threats.
    case 'sweep':
    case 'cloudtrail':
      return [...detectedBy.securityHub, ...detectedBy.config];
    case 'guardduty':
      return toArray(detectedBy.guardDuty ?? []).flatMap(({ types }) => types);
    case 'macie':
      return detectedBy.macie ?? [];
    case 'access-analyzer':
      return detectedBy.accessAnalyzer ?? [];
    case 'inspector':
      return detectedBy.inspector?.types ?? [];
    // A request names any detector of the rule.
    case 'control':
    case 'custom':
      return detectorsOf(detectedBy);
    case 'security-hub':
    case 'security-hub-v2':
    case 'security-hub-custom-action':
      return detectedBy.securityHub;
  }
}

const otherCodes: Readonly<Partial<Record<Source, RefusalCode>>> = {
  config: 'other-config-rule',
  guardduty: 'other-finding-type',
  macie: 'other-finding-type',
  'access-analyzer': 'other-finding-type',
  inspector: 'other-finding-type',
};

function otherResource(kind: ResourceKind, { resource: { reported }, ...place }: Said): Wrong | undefined {
  const [field, said] = 'arn' in reported ? ['arn', reported.arn] : ['configId', reported.configId];
  const read = reportedAs(kind, place, said, `message.finding.resource.reported.${field}`);
  return 'problem' in read ? read : undefined;
}

/** Whether the finding is one that its source can have sent: of this account and region, about this resource. */
const otherOrigin = (said: Said): Wrong | undefined =>
  contradicts(
    contradiction([...(said.source === 'custom' ? requestClaims(said) : noRequest(said)), ...claimsOf(said), occurrenceClaim(said)]),
  );

/** What each source can know of when the misconfiguration came about. */
const occurrences: Readonly<Partial<Record<Source, NonNullable<Said['occurrence']>['as']>>> = {
  guardduty: 'activity',
  cloudtrail: 'change',
  custom: 'stated',
};

const occurrenceClaim = ({ source, occurrence }: Said): Claim => [
  'message.finding.occurrence.as',
  occurrence?.as,
  occurrences[source] ?? 'absent',
];

function claimsOf(said: Said): readonly Claim[] {
  switch (said.source) {
    case 'config':
      return configClaims(said);
    case 'control':
    case 'custom':
      return noClaims(said);
    case 'macie':
      return serviceClaims(said);
    case 'sweep':
    case 'cloudtrail':
      return [...noClaims(said), ...driftClaims(said.source, said)];
    case 'guardduty':
      return [...place('message.finding.id', said.id, 'guardduty', said), ...serviceClaims(said)];
    case 'access-analyzer':
      return [...place('message.finding.id', said.id, 'access-analyzer', { ...said, account: accountIn(said.id) }), ...serviceClaims(said)];
    // Its ARN can be that of the administrator.
    case 'inspector':
      return [...place('message.finding.id', said.id, 'inspector2', { ...said, account: accountIn(said.id) }), ...serviceClaims(said)];
    case 'security-hub-v2':
      return v2Claims(said);
    case 'security-hub':
    case 'security-hub-custom-action':
      return cspmClaims(said);
  }
}

/** The analyzer of an organization is in another account than the resources. */
const accountIn = (id: string): string => parseArn(id)?.account ?? '';

function v2Claims({ id, securityHub, configRule, parametersBy, ...rest }: Said) {
  return [
    ...place('message.finding.id', id, 'securityhub', rest),
    ['message.finding.securityHub', securityHub?.id, 'absent'],
    ['message.finding.configRule', configRule, 'absent'],
    ['message.finding.parametersBy', parametersBy, 'absent'],
  ] as const;
}

function cspmClaims({ id, securityHub, securityHubV2, configRule, parametersBy, partition, account, region }: Said) {
  return [
    ...place('message.finding.id', id, 'securityhub', { partition, account, region }),
    ['message.finding.securityHubV2', securityHubV2?.uid, 'absent'],
    ['message.finding.securityHub.id', securityHub?.id, id],
    ['message.finding.securityHub.productArn', securityHub?.productArn, `arn:${partition}:securityhub:${region}::product/aws/securityhub`],
    ['message.finding.configRule', configRule, 'absent'],
    ['message.finding.parametersBy', parametersBy, 'absent'],
  ] as const;
}

function configClaims({ id, securityHub, securityHubV2, resource: { type, reported }, ...rest }: Said) {
  const named = 'arn' in reported ? reported.arn : reported.configId;
  const end = `/${type}/${named}`;
  const rule = id.endsWith(end) ? id.slice(0, -end.length) : undefined;
  return [
    ['message.finding.id', rule === undefined ? id : undefined, `the Config rule, and ${end}`],
    ...(rule?.startsWith('arn:') ? place('The Config rule in message.finding.id', rule, 'config', rest) : []),
    ['message.finding.securityHub', securityHub?.id, 'absent'],
    ['message.finding.securityHubV2', securityHubV2?.uid, 'absent'],
  ] as const;
}

function requestClaims({ id, requester, reference, resource: { reported } }: Said) {
  return [
    ['message.finding.requester', requester ?? '', requester || 'the name of a requester'],
    ['message.finding.reference', reference ?? '', reference || 'a reference'],
    ['message.finding.id', id, findingIdOf(requester ?? '', reference ?? '')],
    ['message.finding.resource.reported.configId', 'configId' in reported ? reported.configId : undefined, 'absent'],
  ] as const;
}

const noRequest = ({ requester, reference, source, evidence }: Said) =>
  [
    ['message.finding.requester', requester, 'absent'],
    ['message.finding.reference', reference, 'absent'],
    ['message.finding.evidence', source === 'guardduty' ? undefined : evidence && Object.keys(evidence).join(', '), 'absent'],
  ] as const;

const noClaims = ({ securityHub, securityHubV2, ...said }: Said) =>
  [
    ['message.finding.securityHub', securityHub?.id, 'absent'],
    ['message.finding.securityHubV2', securityHubV2?.uid, 'absent'],
    ...settingClaims(said),
  ] as const;

const settingClaims = ({ configRule, parameters }: Pick<Said, 'configRule' | 'parameters'>) =>
  [
    ['message.finding.configRule', configRule, 'absent'],
    ['message.finding.parameters', parameters && Object.keys(parameters).join(', '), 'absent'],
  ] as const;

/** A finding of a service that came by Security Hub has its product there. */
const serviceClaims = ({ source, id, partition, region, securityHub, securityHubV2, ...said }: Said) =>
  [
    ['message.finding.securityHub.id', securityHub?.id, id],
    [
      'message.finding.securityHub.productArn',
      securityHub?.productArn,
      isService(source) ? productArnOf(source, { partition, region }) : 'absent',
    ],
    ['message.finding.securityHubV2', securityHub && securityHubV2?.uid, 'absent'],
    ...settingClaims(said),
  ] as const;

const driftClaims = (origin: DriftOrigin, { id, resource: { reported }, parametersBy, reasons, action }: Said) =>
  [
    ['message.finding.id', id.startsWith(driftPrefix(origin)) ? undefined : id, `${driftPrefix(origin)}, and the ARN of the resource`],
    ['message.finding.resource.reported.configId', 'configId' in reported ? reported.configId : undefined, 'absent'],
    ['message.finding.parametersBy', parametersBy, 'absent'],
    ['message.finding.reasons', reasons?.join(', '), 'absent'],
    ['message.finding.action', action, 'absent'],
  ] as const;

function place(at: string, text: string, service: string, { partition, account, region }: Place) {
  const arn = parseArn(text);
  return [
    [at, arn ? undefined : text, 'an ARN'],
    [`The service in ${at}`, arn?.service, service],
    [`The partition in ${at}`, arn?.partition, partition],
    [`The Region in ${at}`, arn?.region, region],
    [`The account in ${at}`, arn?.account, account],
  ] as const;
}
