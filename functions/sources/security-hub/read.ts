import * as z from 'zod';
import type { Place, ResourceKind } from '../../../rules/rule';
import { partitionIn } from '../../aws/region';
import type { Reading } from '../../findings/finding';
import { idReported, isArn } from '../../findings/reported';
import { quote, sanitize } from '../../untrusted-text';
import type { Envelope, Scope } from '../envelope';
import { refuse } from '../refuse';
import { check, freeText, list, record } from '../shape';
import { controlFindingShape, detectionOf, idleness, originOf, originShape, parametersOf, reasonsOf } from './asff';
import { type ControlFindingReport, findingsIn, type Sent } from './control-finding';
import { controlOf } from './control-id';
import { customActionId } from './custom-action';
import { placeOf } from './origin';
import { isOwnUpdate } from './own-update';
import type { ServiceRule } from './services/findings';
import { listensTo, serviceIn } from './services/product';
import { readServiceFinding } from './services/read';

const importedShape = record({ findings: list(z.unknown(), 100) });
const customActionShape = importedShape.extend({ actionName: freeText(256) });

/** The findings of `Security Hub Findings - Imported`. */
export function readImported(rule: ServiceRule, envelope: Envelope, scope: Scope): Reading {
  const detail = check(importedShape, envelope.detail, 'detail');
  if ('problem' in detail) return refuse('ignored', 'malformed-event', detail.problem);
  return readFindings(rule, envelope, scope, { source: 'security-hub', sentAt: envelope.time }, detail.value.findings);
}

/** The findings of `Security Hub Findings - Custom Action`, for which an operator chose our custom action. */
export function readCustomAction(rule: ServiceRule, envelope: Envelope, scope: Scope): Reading {
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

function readFindings(rule: ServiceRule, envelope: Envelope, scope: Scope, sent: Sent, findings: readonly unknown[]): Reading {
  const readings = findings.map((raw, index) => readFinding(rule, envelope, scope, sent, raw, `detail.findings[${index}]`));
  return { findings: readings.flatMap((reading) => reading.findings), refusals: readings.flatMap((reading) => reading.refusals) };
}

function readFinding(rule: ServiceRule, envelope: Envelope, scope: Scope, sent: Sent, raw: unknown, at: string): Reading {
  const origin = check(originShape, raw, at);
  if ('problem' in origin) return refuse('ignored', 'malformed-event', origin.problem);
  const { Id: id, ProductArn: productArn } = origin.value;
  const service = serviceIn(productArn, ['product']);
  // A custom action asks for fixes of controls.
  if (service && sent.source === 'security-hub' && listensTo(rule.detectedBy, service))
    return readServiceFinding({ rule, envelope, scope, service, raw, at }, origin.value);
  const place = placeOf(originOf(origin.value, at), envelope, scope);
  if ('problem' in place) {
    const isForged = place.code !== 'untrusted-product' || claimsControl(rule, raw, service !== undefined);
    return refuse(isForged ? 'invalid' : 'ignored', place.code, place.problem, id);
  }

  const content = check(controlFindingShape, raw, at);
  if ('problem' in content) return refuse('ignored', 'malformed-event', content.problem, id);
  const named = controlOf(content.value);
  if ('problem' in named) return refuse('invalid', 'contradictory-event', `${at}: ${named.problem}`, id);
  const { Resources, Note } = content.value;
  const parameters = parametersOf(content.value);
  const reasons = reasonsOf(content.value);
  const reported: ControlFindingReport = {
    id,
    control: named.control,
    idle: idleness(content.value),
    // Whoever requests a fix is not told that nothing is new.
    isOwnUpdate: sent.source === 'security-hub' && isOwnUpdate(Note, content.value),
    detectedAt: detectionOf(content.value),
    resources: Resources.map(({ Type, Id, Partition, Region }, index) => ({
      type: Type,
      kind: (kinds) => (Type === 'Other' ? kindNamed(kinds, place, Id) : kinds.find((one) => typeIn(one) === Type.toLowerCase())),
      id: Id,
      at: `${at}.Resources[${index}]`,
      claims: { Partition: [Partition, place.partition], Region: [Region, place.region] },
      idField: 'Id',
    })),
    hub: { securityHub: { id, productArn } },
    ...(parameters && { parameters }),
    ...(reasons && { reasons }),
  };
  return findingsIn(rule, reported, place, sent);
}

const idOf = (raw: unknown): string | undefined => originShape.safeParse(raw).data?.Id;

/** Whether a finding of another product says that it is one of a control of the rule. */
function claimsControl({ detectedBy }: ServiceRule, raw: unknown, isOfService: boolean): boolean {
  const content = check(controlFindingShape, raw, 'finding');
  // Nobody else can import it, and it is not made like one of a control.
  if ('problem' in content && isOfService) return false;
  const named = 'problem' in content ? content : controlOf(content.value);
  return 'problem' in named || detectedBy.securityHub.some((control) => control === named.control);
}

/** The kind of an ARN: the Security Finding Format does not have a name for every type. */
function kindNamed(kinds: readonly ResourceKind[], place: Place, arn: string): ResourceKind | undefined {
  const [kind, ...others] = kinds.filter((one) => isArn(arn) && idReported(one, place, arn) !== undefined);
  return others.length === 0 ? kind : undefined;
}

/** A type as Security Hub writes it, in lower case: `awsec2securitygroup`. */
const typeIn = ({ type, securityHubType = type.replaceAll(':', '') }: ResourceKind): string => securityHubType.toLowerCase();
