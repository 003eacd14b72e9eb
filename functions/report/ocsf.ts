import { escapeJson } from '../json-text';
import type { Category } from './category';
import type { Facts } from './facts';
import { oldestFirst } from './oldest-first';
import type { Report } from './report';

/** The version of the Open Cybersecurity Schema Framework. */
export const ocsfVersion = '1.8.0';

const classId = 7001;
const activities = { restore: 3, harden: 4, detect: 5 } as const;
const statuses = { success: 1, failure: 2, 'does-not-exist': 3, partial: 4, unsupported: 5, other: 99 } as const;
const severityIds: Readonly<Record<Facts['severity'], number>> = { unknown: 0, low: 2, medium: 3, high: 4, critical: 5 };

/** Account of AWS, and unique ID of a resource, in the lists of the schema. */
const awsAccount = 10;
const resourceUid = 10;

/** Every remediation as an event of the class Remediation Activity: JSON lines, the oldest outcome first. */
export function* ocsfLines(report: Report): Generator<string> {
  for (const facts of oldestFirst(report)) yield `${escapeJson(JSON.stringify(ocsfEvent(facts, report.version)))}\n`;
}

export function ocsfEvent(facts: Facts, version: string) {
  const { rule, remediation, severity, partition, account, region, resource, finding, stamps, at, outcome, code, reason } = facts;
  const activity = activities[activityOf(facts)];
  const status = statuses[statusOf(facts)];
  return {
    class_uid: classId,
    class_name: 'Remediation Activity',
    category_uid: 7,
    category_name: 'Remediation',
    activity_id: activity,
    type_uid: classId * 100 + activity,
    time: at,
    ...(stamps.received !== undefined && { start_time: stamps.received }),
    end_time: at,
    severity_id: severityIds[severity],
    status_id: status,
    status: outcome,
    ...(code !== undefined && { status_code: code }),
    status_detail: reason,
    message: reason,
    command_uid: `${rule}/${remediation}`,
    remediation: { desc: `Rule ${rule}` },
    cloud: { provider: 'AWS', cloud_partition: partition, account: { uid: account, type_id: awsAccount, type: 'AWS Account' }, region },
    metadata: {
      version: ocsfVersion,
      profiles: ['cloud', 'datetime'],
      uid: `${rule}/${remediation}`,
      correlation_uid: finding,
      product: { name: 'Posture remediator', vendor_name: 'Posture remediator', version },
    },
    observables: [{ name: 'resource.uid', type_id: resourceUid, type: 'Resource UID', value: resource }],
    unmapped: unmappedOf(facts),
  };
}

/** What the class has no attributes for. */
const unmappedOf = ({ stamps, ...facts }: Facts) => ({
  rule: facts.rule,
  resource_type: facts.resourceType,
  source: facts.source,
  detected_by: facts.control,
  occurred: stamps.occurred,
  occurrence: facts.occurrence,
  detected: stamps.detected,
  decided: stamps.decided,
  fixed: stamps.fixed,
  verified: stamps.verified,
  deadline: facts.deadline,
  owner: facts.owner,
  detector: facts.detector,
  trail: facts.trail,
  sequence: facts.sequence,
  hash: facts.hash,
  answers: facts.answers,
});

/** What was done, in the terms of MITRE D3FEND: a setting was hardened, the state before was restored, or it was only looked at. */
function activityOf({ category }: Facts): keyof typeof activities {
  if (category === 'rolled-back') return 'restore';
  return changing.includes(category) ? 'harden' : 'detect';
}

const changing: readonly Facts['category'][] = ['fixed', 'waiting', 'failed', 'disputed'];

function statusOf({ outcome, category }: Facts): keyof typeof statuses {
  if (outcome === 'partly-fixed') return 'partial';
  if (outcome === 'resource-not-found') return 'does-not-exist';
  return category === 'unchanged' ? 'other' : byCategory[category];
}

const byCategory: Readonly<Record<Category, keyof typeof statuses>> = {
  fixed: 'success',
  compliant: 'success',
  'rolled-back': 'success',
  observed: 'other',
  waiting: 'other',
  exempt: 'other',
  disputed: 'other',
  failed: 'failure',
  unfixable: 'unsupported',
};
