import { type Place, type ResourceKind, type Rule, toArray } from '../../../rules/rule';
import { expandArn, idIn } from '../../aws/arn';
import { partitionIn } from '../../aws/region';
import { minutes } from '../../duration';
import { detectorOf } from '../../findings/detector-of';
import type { Reading, RefusalCode } from '../../findings/finding';
import { beginning, isPossible } from '../../findings/occurrence';
import { reportedAs } from '../../findings/reported';
import { findingIdOf, requesterIn } from '../../findings/requester';
import { quote } from '../../untrusted-text';
import type { Envelope, Scope } from '../envelope';
import { kindOf, refuse } from '../refuse';
import { check } from '../shape';
import { type RemediationRequest, requestShape } from './shape';

type Sought = Pick<Rule, 'id' | 'detectedBy' | 'resource'>;

/** How far the clocks of the tool and of AWS may differ. */
const skew = minutes(5);

/**
 * The finding of `Remediation Requested`, by which another tool asks for a remediation. Its source names the requester: the policy of the bus for
 * requests lets nobody else use that name. Whether the requester may ask for this is found out with the policy.
 */
export function readRequest(rule: Sought, envelope: Envelope, scope: Scope): Reading {
  const requester = requesterIn(envelope.source);
  if (requester === undefined)
    return refuse('ignored', 'unsupported-event', `The source ${quote(envelope.source)} does not name a requester.`);
  const parsed = check(requestShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const { value: request } = parsed;
  const id = findingIdOf(requester, request.reference);
  if (request.rule !== rule.id)
    return refuse('ignored', 'other-rule', `detail.rule is ${quote(request.rule)}, and this is the function of ${rule.id}.`, id);
  if (Date.parse(request.detectedAt) > Date.parse(envelope.time) + skew) {
    const reason = `detail.detectedAt is ${request.detectedAt}, and the event is of ${envelope.time}: nothing is detected later than it is reported.`;
    return refuse('invalid', 'contradictory-event', reason, id);
  }
  const { occurredAt } = request;
  if (occurredAt !== undefined && !isPossible(occurredAt, request.detectedAt)) {
    const reason = `detail.occurredAt is ${occurredAt}, and must be between ${beginning} and detail.detectedAt, ${request.detectedAt}.`;
    return refuse('invalid', 'contradictory-event', reason, id);
  }
  const detectedBy = detectorOf(rule);
  if (detectedBy === undefined) return refuse('ignored', 'other-rule', `The rule ${rule.id} has no detector.`, id);
  const { arn, account, region } = request.resource;
  const place: Place = { partition: scope.partition ?? partitionIn(arn) ?? 'aws', account, region };
  const found = resourceIn(toArray(rule.resource), place, arn);
  if ('problem' in found) return refuse(kindOf(found.code), found.code, found.problem, id);
  const { reference, detectedAt, evidence } = request;
  return {
    findings: [
      {
        ...place,
        id,
        source: 'custom',
        detectedBy,
        resource: { kind: found.kind, reported: { arn } },
        detectedAt,
        sentAt: envelope.time,
        requester,
        reference,
        ...(occurredAt !== undefined && { occurrence: { as: 'stated', at: occurredAt } }),
        ...(evidence && { evidence }),
      },
    ],
    refusals: [],
  };
}

/** The kind of the resource. Only its own ARN names it: the policy compares that with what the requester may ask for. */
function resourceIn(
  kinds: readonly ResourceKind[],
  place: Place,
  arn: RemediationRequest['resource']['arn'],
): { readonly kind: ResourceKind } | { readonly code: RefusalCode; readonly problem: string } {
  const kind = kinds.find((one) => idIn(one, place, arn) !== undefined);
  if (kind) return { kind };
  const wrong = kinds.map((one) => reportedAs(one, place, arn, 'detail.resource.arn')).find((one) => 'problem' in one);
  if (wrong && 'problem' in wrong) return wrong;
  const forms = kinds.map((one) => expandArn(one.arn, place)).join(' or ');
  return { code: 'invalid-resource-id', problem: `detail.resource.arn is ${quote(arn)}, and must match ${forms}.` };
}
