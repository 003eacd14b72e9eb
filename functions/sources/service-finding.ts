import { type Evidence, type Place, type Rule, toArray } from '../../rules/rule';
import type { Finding, Occurrence, Reading, RefusalCode, Source } from '../findings/finding';
import { reportedAs } from '../findings/reported';
import { quote } from '../untrusted-text';
import { kindOf, refuse } from './refuse';

/** A finding that a service sends to EventBridge itself, whatever its format. */
export interface ServiceFinding {
  readonly source: Source;
  readonly id: string;
  /** Its type, as the rule names it in its `detectedBy`. */
  readonly type: string;
  /** The types that the rule handles. */
  readonly handled: readonly string[];
  /** Why it requires no action. */
  readonly idle: { readonly code: RefusalCode; readonly reason: string } | undefined;
  readonly detectedAt: string;
  readonly sentAt: string;
  readonly occurrence?: Occurrence;
  readonly evidence?: Evidence;
  /** By resource type of CloudFormation: the ids of the resources, and their path in the event. */
  readonly resources: Readonly<Record<string, { readonly ids: readonly string[]; readonly at: string } | undefined>>;
}

/** The findings for the rule, one for each resource of its types; or why there is none. */
export function findingsOf(rule: Pick<Rule, 'resource'>, reported: ServiceFinding, place: Place): Reading {
  const { source, id, type, handled, idle, detectedAt, sentAt, occurrence, evidence } = reported;
  const detectedBy = handled.find((one) => one === type);
  if (detectedBy === undefined) {
    const own = handled.join(', ') || 'none of this service';
    return refuse('ignored', 'other-finding-type', `The finding type is ${quote(type)}. This rule handles ${own}.`, id);
  }
  if (idle) return refuse('ignored', idle.code, idle.reason, id);
  const kinds = toArray(rule.resource);
  const named = kinds.flatMap((kind) => {
    const { ids, at } = reported.resources[kind.type] ?? { ids: [], at: '' };
    return [...new Set(ids)].map((said) => ({ kind, reported: reportedAs(kind, place, said, at) }));
  });
  const findings: Finding[] = [];
  for (const resource of named) {
    if ('problem' in resource.reported)
      return refuse(kindOf(resource.reported.code), resource.reported.code, resource.reported.problem, id);
    findings.push({
      ...place,
      id,
      source,
      detectedBy,
      resource: { kind: resource.kind, reported: resource.reported },
      detectedAt,
      sentAt,
      ...(occurrence && { occurrence }),
      ...(evidence && { evidence }),
    });
  }
  if (findings.length > 0) return { findings, refusals: [] };
  const supported = kinds.map((kind) => kind.type).join(' or ');
  return refuse('ignored', 'other-resource-type', `The finding names no resource of the type ${supported}.`, id);
}
