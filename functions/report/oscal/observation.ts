import type { Category } from '../category';
import { categoryTexts } from '../category';
import { remediationOf } from '../document';
import type { Facts } from '../facts';
import type { Misconfiguration } from '../numbers/misconfigurations';
import { markup, propertiesOf } from './text';

/** The identifiers that an observation refers to. */
export interface References {
  readonly uuid: string;
  /** Of the resource. */
  readonly subject: string;
  /** Of the software. */
  readonly tool: string;
  /** Of the log in the back matter. */
  readonly log: string;
}

/** One resource that did not satisfy one rule, with each of its remediations as evidence. */
export function observationOf({ history, last, category }: Misconfiguration, { uuid, subject, tool, log }: References) {
  return {
    uuid,
    title: markup(`${categoryTexts[category].label}: ${last.rule}`),
    description: markup(last.reason),
    props: propertiesOf({ rule: last.rule, severity: last.severity, status: category, 'detected-by': last.control, source: last.source }),
    methods: ['TEST'],
    types: typesOf(category),
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': tool }] }],
    subjects: [{ 'subject-uuid': subject, type: 'inventory-item' }],
    'relevant-evidence': history.map((facts) => evidenceOf(facts, log)),
    collected: new Date(last.at).toISOString(),
  };
}

function typesOf(category: Category): readonly string[] {
  if (category === 'compliant') return ['control-objective'];
  return category === 'fixed' ? ['finding', 'mitigation'] : ['finding'];
}

function evidenceOf(facts: Facts, log: string) {
  const { rule, remediation, outcome, code, reason, at, until, detector, trail, sequence, hash, finding, answers, ...times } =
    remediationOf(facts);
  const { occurred, detected, received, decided, fixed, verified } = times;
  const by = (given: (typeof answers)[number]['answer']) => answers.filter(({ answer }) => answer === given).map((one) => one.by);
  return {
    href: `#${log}`,
    description: markup(`Remediation ${rule}/${remediation}: ${outcome}. ${reason}`),
    props: [
      ...propertiesOf({ remediation, outcome, code, at, until, occurred, detected, received, decided, fixed, verified, detector, finding }),
      ...by('approved').flatMap((approver) => propertiesOf({ 'approved-by': approver })),
      ...by('rejected').flatMap((approver) => propertiesOf({ 'rejected-by': approver })),
      ...propertiesOf({ trail, sequence, hash }),
    ],
  };
}
