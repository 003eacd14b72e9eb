import * as z from 'zod';
import { type Place, type ResourceKind, type Rule, toArray } from '../../../rules/rule';
import { partitionIn } from '../../aws/region';
import type { Finding, Reading, RefusalCode } from '../../findings/finding';
import { idReported, isArn, reportedAs } from '../../findings/reported';
import { quote, sanitize } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { kindOf, refuse } from '../refuse';
import { check, freeText, list, record } from '../shape';
import { type ControlFinding, controlFindingShape, detectionOf, idleness, originShape, parametersOf, reasonsOf } from './asff';
import { controlOf } from './control-id';
import { customActionId } from './custom-action';
import { placeOf } from './origin';
import { isOwnUpdate } from './own-update';

type Sought = Pick<Rule, 'detectedBy' | 'resource'>;
type Sent = Pick<Finding, 'source' | 'action' | 'sentAt'>;

const importedShape = record({ findings: list(z.unknown(), 100) });
const customActionShape = importedShape.extend({ actionName: freeText(256) });

/** The findings of `Security Hub Findings - Imported`. */
export function readImported(rule: Sought, envelope: Envelope, scope: Scope): Reading {
  const detail = check(importedShape, envelope.detail, 'detail');
  if ('problem' in detail) return refuse('ignored', 'malformed-event', detail.problem);
  return readFindings(rule, envelope, scope, { source: 'security-hub', sentAt: envelope.time }, detail.value.findings);
}

/** The findings of `Security Hub Findings - Custom Action`, for which an operator chose our custom action. */
export function readCustomAction(rule: Sought, envelope: Envelope, scope: Scope): Reading {
  const detail = check(customActionShape, envelope.detail, 'detail');
  if ('problem' in detail) return refuse('ignored', 'malformed-event', detail.problem);
  const { account, region, resources = [], time } = envelope;
  const partition = scope.partition ?? partitionIn(idOf(detail.value.findings[0])) ?? 'aws';
  const ours = `arn:${partition}:securityhub:${region}:${account}:action/custom/${customActionId}`;
  if (!resources.includes(ours)) {
    const reason = `The custom action is ${quote(resources[0])}. Only ${quote(ours)} requests a fix.`;
    const isForeign = resources.some((arn) => arn.endsWith(`:action/custom/${customActionId}`));
    return isForeign ? refuse('invalid', 'foreign-action', reason) : refuse('ignored', 'other-action', reason);
  }
  const { actionName, findings } = detail.value;
  return readFindings(
    rule,
    envelope,
    scope,
    { source: 'security-hub-custom-action', action: sanitize(actionName), sentAt: time },
    findings,
  );
}

function readFindings(rule: Sought, envelope: Envelope, scope: Scope, sent: Sent, findings: readonly unknown[]): Reading {
  const readings = findings.map((raw, index) => readFinding(rule, envelope, scope, sent, raw, `detail.findings[${index}]`));
  return { findings: readings.flatMap((reading) => reading.findings), refusals: readings.flatMap((reading) => reading.refusals) };
}

function readFinding(rule: Sought, envelope: Envelope, scope: Scope, sent: Sent, raw: unknown, at: string): Reading {
  const origin = check(originShape, raw, at);
  if ('problem' in origin) return refuse('ignored', 'malformed-event', origin.problem);
  const { Id: id, ProductArn: productArn } = origin.value;
  const place = placeOf(origin.value, envelope, scope, at);
  if ('problem' in place) {
    const isForged = place.code !== 'untrusted-product' || claimsControl(rule, raw);
    return refuse(isForged ? 'invalid' : 'ignored', place.code, place.problem, id);
  }

  const content = check(controlFindingShape, raw, at);
  if ('problem' in content) return refuse('ignored', 'malformed-event', content.problem, id);
  const named = controlOf(content.value);
  if ('problem' in named) return refuse('invalid', 'contradictory-event', `${at}: ${named.problem}`, id);
  const detectedBy = rule.detectedBy.securityHub.find((control) => control === named.control);
  if (detectedBy === undefined) {
    const own = rule.detectedBy.securityHub.join(', ') || 'no control';
    return refuse('ignored', 'other-control', `The control of the finding is ${quote(named.control)}. This rule remediates ${own}.`, id);
  }
  const idle = idleness(content.value);
  if (idle) return refuse('ignored', idle.code, idle.reason, id);
  // Whoever requests a fix is not told that nothing is new.
  if (sent.source === 'security-hub' && isOwnUpdate(content.value.Note, content.value)) {
    const reason = 'The event is about our own update of the finding, and its control has not updated it since.';
    return refuse('ignored', 'own-update', reason, id);
  }

  const kinds = toArray(rule.resource);
  const read = content.value.Resources.map((resource, index) => readResource(kinds, place, resource, `${at}.Resources[${index}]`));
  const wrong = read.flatMap((resource) => (resource && 'problem' in resource ? [resource] : []))[0];
  if (wrong !== undefined) return refuse(kindOf(wrong.code), wrong.code, wrong.problem, id);
  const resources = read.flatMap((resource) => (resource && 'kind' in resource ? [resource] : []));
  if (resources.length === 0) {
    const supported = kinds.map(({ type }) => type).join(' or ');
    const reason = `The resource type of the finding is ${quote(content.value.Resources[0]?.Type)}, not ${supported}.`;
    return refuse('ignored', 'other-resource-type', reason, id);
  }
  const detectedAt = detectionOf(content.value);
  const parameters = parametersOf(content.value);
  const reasons = reasonsOf(content.value);
  // A finding with several resources is not resolved when one of them is fixed: the next check of Security Hub decides.
  const alone = new Set(content.value.Resources.map(({ Id }) => Id)).size === 1;
  return {
    findings: resources.map((resource) => ({
      ...place,
      ...sent,
      id,
      detectedBy,
      resource,
      detectedAt,
      ...(parameters && { parameters }),
      ...(reasons && { reasons }),
      ...(alone && { securityHub: { id, productArn } }),
    })),
    refusals: [],
  };
}

const idOf = (raw: unknown): string | undefined => originShape.safeParse(raw).data?.Id;

/** Whether a finding of another product says that it is one of a control of the rule. */
function claimsControl({ detectedBy }: Sought, raw: unknown): boolean {
  const content = check(controlFindingShape, raw, 'finding');
  const named = 'problem' in content ? content : controlOf(content.value);
  return 'problem' in named || detectedBy.securityHub.some((control) => control === named.control);
}

/** The kind and ARN of a resource; undefined if the rule does not support its type. */
function readResource(
  kinds: readonly ResourceKind[],
  place: Place,
  { Type, Id, Partition, Region }: ControlFinding['Resources'][number],
  at: string,
): Finding['resource'] | { readonly problem: string; readonly code: RefusalCode } | undefined {
  const problem = contradiction([
    [`${at}.Partition`, Partition, place.partition],
    [`${at}.Region`, Region, place.region],
  ]);
  if (problem !== undefined) return { code: 'contradictory-event', problem };
  const kind = Type === 'Other' ? kindNamed(kinds, place, Id) : kinds.find((one) => typeIn(one) === Type.toLowerCase());
  if (!kind) return undefined;
  const reported = reportedAs(kind, place, Id, `${at}.Id`);
  return 'problem' in reported ? reported : { kind, reported };
}

/** The kind of an ARN: the Security Finding Format does not have a name for every type. */
function kindNamed(kinds: readonly ResourceKind[], place: Place, arn: string): ResourceKind | undefined {
  const [kind, ...others] = kinds.filter((one) => isArn(arn) && idReported(one, place, arn) !== undefined);
  return others.length === 0 ? kind : undefined;
}

/** A type as Security Hub writes it, in lower case: `awsec2securitygroup`. */
const typeIn = ({ type, securityHubType = type.replaceAll(':', '') }: ResourceKind): string => securityHubType.toLowerCase();
