import { type Rule, toArray } from '../../../rules/rule';
import type { Reading } from '../../findings/finding';
import { reportedAs } from '../../findings/reported';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { kindOf, refuse } from '../refuse';
import { check } from '../shape';
import { type DriftOrigin, driftDetail, driftId } from './event';

/** The finding of drift that the app saw itself. Whoever may invoke the function could have written the event, so it is validated like that of any other source. */
export function readDrift(origin: DriftOrigin, rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(driftDetail, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const { partition, account, region, resourceType, resource, detectedBy, detectedAt, change } = parsed.value;
  const id = driftId(origin, resource);
  const { partition: own = partition, centralAccount = envelope.account } = scope;
  if (envelope.account !== centralAccount) {
    const reason = `The event is of account ${envelope.account}. Only that of the central account, ${centralAccount}, reports.`;
    return refuse('invalid', 'foreign-account', reason, id);
  }
  const contradicts = contradiction([['detail.partition', partition, own]]);
  if (contradicts) return refuse('invalid', 'contradictory-event', contradicts, id);

  const detectors = [...rule.detectedBy.securityHub, ...rule.detectedBy.config];
  if (!detectors.includes(detectedBy)) {
    const reason = `detail.detectedBy is ${quote(detectedBy)}. This rule remediates ${detectors.join(', ')}.`;
    return refuse('ignored', 'other-control', reason, id);
  }
  const kinds = toArray(rule.resource);
  const kind = kinds.find(({ type }) => type === resourceType);
  if (!kind) {
    const supported = kinds.map(({ type }) => type).join(' or ');
    return refuse('ignored', 'other-resource-type', `The resource type is ${quote(resourceType)}, not ${supported}.`, id);
  }
  const place = { partition, account, region };
  const reported = reportedAs(kind, place, resource, 'detail.resource');
  if ('problem' in reported) return refuse(kindOf(reported.code), reported.code, reported.problem, id);
  if ('configId' in reported)
    return refuse('ignored', 'invalid-resource-id', `detail.resource is ${quote(resource)}, and must be an ARN.`, id);
  return {
    findings: [
      {
        ...place,
        id,
        source: origin,
        detectedBy,
        resource: { kind, reported },
        detectedAt,
        sentAt: envelope.time,
        ...(origin === 'cloudtrail' && change && { occurrence: { as: 'change', ...change } }),
      },
    ],
    refusals: [],
  };
}
