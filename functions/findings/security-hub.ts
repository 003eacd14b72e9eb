import * as z from 'zod';
import { listed, type Place, type ResourceKind, type Rule } from '../../rules/rule';
import { contradiction } from './agreement';
import { filled, idIn, parseArn } from './arn';
import { controlOf } from './control';
import { customActionId } from './custom-action';
import type { Envelope, Scope } from './envelope';
import type { Finding, Reading } from './finding';
import { clean, quote } from './quote';
import { refuse } from './refuse';
import { partitionOf } from './region';
import { accountId, check, freeText, list, record, reference, region, text, time } from './shape';

const detailShape = record({ findings: list(z.unknown(), 100), actionName: freeText(256).optional() });

const originShape = record({ Id: reference, ProductArn: reference, AwsAccountId: accountId, Region: region.optional() });

/** The fields of the AWS Security Finding Format that matter here. */
const findingShape = record({
  GeneratorId: text,
  CreatedAt: time,
  UpdatedAt: time,
  FirstObservedAt: time.optional(),
  RecordState: text,
  Workflow: record({ Status: text }),
  Compliance: record({ Status: text, SecurityControlId: text.optional() }),
  ProductFields: record({ ControlId: text.optional(), PreviousComplianceStatus: text.optional() }).optional(),
  Resources: list(record({ Type: text, Id: freeText(2048), Partition: text.optional(), Region: region.optional() }), 32),
});

type Sorted = Pick<Rule, 'detectedBy' | 'resource'>;

/** The findings of `Security Hub Findings - Imported`. */
export function readImported(rule: Sorted, envelope: Envelope, scope: Scope): Reading {
  return readFindings(rule, envelope, scope, () => ({ source: 'security-hub' }));
}

/** The findings of `Security Hub Findings - Custom Action`: a person has chosen them, and our action. */
export function readCustomAction(rule: Sorted, envelope: Envelope, scope: Scope): Reading {
  const { account, region, resources = [] } = envelope;
  const ours = `arn:${partitionOf(region)}:securityhub:${region}:${account}:action/custom/${customActionId}`;
  if (!resources.includes(ours)) {
    const kind = resources.some((arn) => arn.endsWith(`:action/custom/${customActionId}`)) ? 'rejected' : 'ignored';
    return refuse(kind, `The custom action is ${quote(resources[0])}; only ${quote(ours)} asks for a fix.`);
  }
  return readFindings(rule, envelope, scope, (name) => ({ source: 'security-hub-custom-action', action: clean(name ?? customActionId) }));
}

function readFindings(
  rule: Sorted,
  envelope: Envelope,
  scope: Scope,
  origin: (actionName?: string) => Pick<Finding, 'source' | 'action'>,
): Reading {
  const detail = check(detailShape, envelope.detail, 'detail');
  if ('problem' in detail) return refuse('rejected', detail.problem);
  const from = origin(detail.value.actionName);
  const read = detail.value.findings.map((finding, index) =>
    readFinding(rule, envelope, scope, from, finding, `detail.findings[${index}]`),
  );
  return { findings: read.flatMap(({ findings }) => findings), refusals: read.flatMap(({ refusals }) => refusals) };
}

function readFinding(
  rule: Sorted,
  envelope: Envelope,
  scope: Scope,
  from: Pick<Finding, 'source' | 'action'>,
  raw: unknown,
  at: string,
): Reading {
  const origin = check(originShape, raw, at);
  if ('problem' in origin) return refuse('rejected', origin.problem);
  const { Id, ProductArn, AwsAccountId: account, Region } = origin.value;

  const product = parseArn(ProductArn);
  if (!product || ProductArn !== `arn:${product.partition}:securityhub:${product.region}::product/aws/securityhub`) {
    const own = 'arn:<partition>:securityhub:<region>::product/aws/securityhub';
    const why = 'only Security Hub itself makes those, while anybody who may import findings can make up any other';
    return refuse('rejected', `${at}.ProductArn is ${quote(ProductArn)}, and has to be ${own}: ${why}.`);
  }
  const place: Place = { partition: product.partition, account, region: product.region };
  const id = parseArn(Id);
  const misplaced =
    contradiction([
      [`${at}.Region`, Region, place.region],
      [`${at}.Id`, id ? undefined : Id, 'the ARN of a finding'],
      [`The service in ${at}.Id`, id?.service, 'securityhub'],
      [`The partition in ${at}.Id`, id?.partition, place.partition],
      [`The region in ${at}.Id`, id?.region, place.region],
      [`The account in ${at}.Id`, id?.account, place.account],
    ]) ?? misplacement(place, envelope, scope);
  if (misplaced) return refuse('rejected', misplaced, Id);

  const parsed = check(findingShape, raw, at);
  if ('problem' in parsed) return refuse('rejected', parsed.problem, Id);
  const finding = parsed.value;
  const named = controlOf(finding);
  if ('problem' in named) return refuse('rejected', `${at}: ${named.problem}`, Id);
  const { control } = named;
  if (control === undefined || !rule.detectedBy.securityHub.includes(control)) {
    return refuse(
      'ignored',
      `The finding is of ${control === undefined ? 'no control' : `the control ${quote(control)}`}, not of ${rule.detectedBy.securityHub.join(', ') || 'any'}.`,
      Id,
    );
  }
  const idle = idleness(finding);
  if (idle) return refuse('ignored', idle, Id);

  const found = finding.Resources.map((resource, index) =>
    readResource(listed(rule.resource), place, resource, `${at}.Resources[${index}]`),
  );
  const problem = found.flatMap((resource) => (resource && 'problem' in resource ? [resource.problem] : []))[0];
  if (problem !== undefined) return refuse('rejected', problem, Id);
  const resources = found.flatMap((resource) => (resource && 'arn' in resource ? [resource] : []));
  if (resources.length === 0) {
    const types = listed(rule.resource)
      .map(({ type }) => type)
      .join(', ');
    return refuse('ignored', `The finding is about ${quote(finding.Resources[0]?.Type)}, and about no ${types}.`, Id);
  }
  // Where the last check found nothing wrong, this update is when the fault came; first observed may be of an earlier one.
  const cameBack = finding.ProductFields?.PreviousComplianceStatus === 'PASSED';
  return {
    findings: resources.map(({ kind, arn }) => ({
      ...place,
      ...from,
      id: Id,
      detectedBy: control,
      resource: { kind, reported: { arn } },
      detectedAt: cameBack ? finding.UpdatedAt : (finding.FirstObservedAt ?? finding.CreatedAt),
      sentAt: envelope.time,
      securityHub: { id: Id, productArn: ProductArn },
    })),
    refusals: [],
  };
}

/** Why an event of this account and region can't be about that place; undefined if it can. */
function misplacement(place: Place, { account, region }: Envelope, { hubAccount }: Scope): string | undefined {
  if (account === place.account && region === place.region) return undefined;
  if (account !== hubAccount) {
    return `The event is of account ${account} in ${region}, but the finding of ${place.account} in ${place.region}; only Security Hub's delegated administrator, ${hubAccount ?? 'which is not set'}, may report for others.`;
  }
  return contradiction([['The partition of the event', partitionOf(region), place.partition]]);
}

/** Why nothing is to be done about the finding as it stands; undefined if something is. */
function idleness({ RecordState, Compliance, Workflow }: z.infer<typeof findingShape>): string | undefined {
  if (RecordState !== 'ACTIVE') return `The finding is ${quote(RecordState)}, not ACTIVE.`;
  if (Compliance.Status !== 'FAILED') return `The check is ${quote(Compliance.Status)}, not FAILED.`;
  if (Workflow.Status === 'NEW' || Workflow.Status === 'NOTIFIED') return undefined;
  return `The workflow status is ${quote(Workflow.Status)}; only findings that are NEW or NOTIFIED are acted upon, so set it back to NEW first.`;
}

type Reported = z.infer<typeof findingShape>['Resources'][number];

/** The kind of a resource and its ARN; undefined when it is of no kind of the rule's. */
function readResource(
  kinds: readonly ResourceKind[],
  place: Place,
  resource: Reported,
  at: string,
): { readonly kind: ResourceKind; readonly arn: string } | { readonly problem: string } | undefined {
  const contradicts = contradiction([
    [`${at}.Partition`, resource.Partition, place.partition],
    [`${at}.Region`, resource.Region, place.region],
  ]);
  if (contradicts) return { problem: contradicts };
  const kind = kinds.find(({ type }) => securityHubType(type) === resource.Type.toLowerCase());
  if (!kind) return undefined;
  if (idIn(kind, place, resource.Id) === undefined)
    return { problem: `${at}.Id is ${quote(resource.Id)}, and has to read ${filled(kind.arn, place)}.` };
  return { kind, arn: resource.Id };
}

/** The CloudFormation type as Security Hub writes it, in lower case: `awsec2securitygroup`. */
const securityHubType = (type: string): string => type.replaceAll(':', '').toLowerCase();
