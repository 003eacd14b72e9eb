import * as z from 'zod';
import type { Place } from '../../../../rules/rule';
import type { Reading } from '../../../findings/finding';
import { quote } from '../../../untrusted-text';
import type { Envelope, Scope } from '../../envelope';
import { refuse } from '../../refuse';
import { check, list, record, reference } from '../../shape';
import { type ControlFindingReport, findingsIn, type ReportedResource } from '../control-finding';
import { controlIn } from '../control-id';
import { placeOf } from '../origin';
import type { ServiceRule } from '../services/findings';
import { listensTo, serviceIn } from '../services/product';
import { readServiceFindingV2 } from '../services/read';
import {
  type ComplianceFinding,
  complianceClass,
  complianceFindingShape,
  detectionOf,
  idleness,
  originOf,
  originShape,
  parametersOf,
} from './ocsf';
import { isOwnUpdate } from './own-update';

const importedShape = record({ findings: list(z.unknown(), 100) });
const classShape = record({ class_uid: z.unknown() });
const productShape = record({ metadata: record({ product: record({ uid: reference }) }) });

/** The findings of `Findings Imported V2`, in OCSF. An event has one. */
export function readImportedV2(rule: ServiceRule, envelope: Envelope, scope: Scope): Reading {
  const detail = check(importedShape, envelope.detail, 'detail');
  if ('problem' in detail) return refuse('ignored', 'malformed-event', detail.problem);
  const { findings } = detail.value;
  const readings = findings.map((raw, index) => readFinding(rule, envelope, scope, raw, `detail.findings[${index}]`));
  return { findings: readings.flatMap((reading) => reading.findings), refusals: readings.flatMap((reading) => reading.refusals) };
}

function readFinding(rule: ServiceRule, envelope: Envelope, scope: Scope, raw: unknown, at: string): Reading {
  const sort = check(classShape, raw, at);
  if ('problem' in sort) return refuse('ignored', 'malformed-event', sort.problem);
  const { class_uid: sortOf } = sort.value;
  if (sortOf === complianceClass) return readComplianceFinding(rule, envelope, scope, raw, at);
  const service = serviceIn(productShape.safeParse(raw).data?.metadata.product.uid ?? '', ['product', 'productv2']);
  if (service && listensTo(rule.detectedBy, service)) return readServiceFindingV2({ rule, envelope, scope, service, raw, at });
  const reason = `${at}.class_uid is ${quote(sortOf)}. Only compliance findings (${complianceClass}) concern this rule, and those of services that it listens to.`;
  return refuse('ignored', 'unsupported-event', reason);
}

function readComplianceFinding(rule: ServiceRule, envelope: Envelope, scope: Scope, raw: unknown, at: string): Reading {
  const origin = check(originShape, raw, at);
  if ('problem' in origin) return refuse('ignored', 'malformed-event', origin.problem);
  const { uid: id } = origin.value.finding_info;
  const content = check(complianceFindingShape, raw, at);
  const place = placeOf(originOf(origin.value, at), envelope, scope);
  if ('problem' in place) {
    const claimsControl = 'problem' in content || rule.detectedBy.securityHub.includes(content.value.compliance.control);
    const isForged = place.code !== 'untrusted-product' || claimsControl;
    return refuse(isForged ? 'invalid' : 'ignored', place.code, place.problem, id);
  }
  if ('problem' in content) return refuse('ignored', 'malformed-event', content.problem, id);
  const named = controlIn([
    ['compliance.control', content.value.compliance.control],
    ['finding_info.uid', /\/([^/]+)\/finding\/[^/]+$/.exec(id)?.[1]],
  ]);
  if ('problem' in named) return refuse('invalid', 'contradictory-event', `${at}: ${named.problem}`, id);
  const { resources } = content.value;
  const parameters = parametersOf(content.value);
  const uid = origin.value.metadata.uid ?? reference.safeParse(envelope.resources?.[0]).data;
  const reported: ControlFindingReport = {
    id,
    control: named.control,
    idle: idleness(content.value),
    isOwnUpdate: isOwnUpdate(content.value),
    detectedAt: detectionOf(content.value) ?? envelope.time,
    resources: resources.map((resource, index) => resourceOf(resource, place, `${at}.resources[${index}]`)),
    hub: uid === undefined ? {} : { securityHubV2: { uid } },
    ...(parameters && { parameters }),
  };
  return findingsIn(rule, reported, place, { source: 'security-hub-v2', sentAt: envelope.time });
}

/** Its type is that of CloudFormation. `uid_alt` is the ARN of what `uid` names. */
function resourceOf(
  { type, uid = '', uid_alt: other, cloud_partition: partition, region, owner }: ComplianceFinding['resources'][number],
  place: Place,
  at: string,
): ReportedResource {
  const isOther = other?.startsWith('arn:') || uid === '';
  return {
    type,
    kind: (kinds) => kinds.find((one) => one.type.toLowerCase() === type.toLowerCase()),
    id: isOther ? (other ?? '') : uid,
    at,
    idField: isOther ? 'uid_alt' : 'uid',
    claims: {
      cloud_partition: [partition, place.partition],
      region: [region, place.region],
      'owner.account.uid': [owner?.account?.uid, place.account],
    },
  };
}
