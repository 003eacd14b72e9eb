import { endOf, endsSoon } from '../../policy/expiry';
import { matchOf, unreadIn } from '../../policy/scope';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';
import { exemptionTag } from './exemption-tag';

/** Whether the resource is exempt: by the policy, its tag, a suppressed finding or a rollback. */
export const exemption = (facts: Facts): readonly ClauseResult[] => [
  ...byPolicy(facts),
  ...byTag(facts),
  ...byTagsOfParts(facts),
  ...bySuppression(facts),
  ...byRollback(facts),
];

function byPolicy({ policy, about, now }: Facts): readonly ClauseResult[] {
  return policy.exemptions.flatMap((entry, index): readonly ClauseResult[] => {
    const { reason, owner, expires } = entry;
    const match = matchOf(entry, about);
    if (match === 'no') return [];
    const at = `exemptions[${index}] of ${owner} (${reason})`;
    const end = endOf(expires);
    if (!end || end <= now) return [{ clause: 'exemption', answer: 'fix', reason: `${at} expired after ${expires}` }];
    if (match === 'unknown') return [doubt('exemption', `${at} may apply, because this can't be read: ${unreadIn(entry, about)}`)];
    return [exempt(`${at} applies until ${expires}`, end, now)];
  });
}

function byTag({ policy, about, now }: Facts): readonly ClauseResult[] {
  const { tags, rule } = about;
  if ('unknown' in tags) return [doubt('exemption', `the tags can't be read, and may exempt the resource: ${tags.unknown}`)];
  if (!tags.known) return [{ clause: 'exemption', answer: 'fix', reason: 'not exempt; this resource type does not support tags' }];
  const said = exemptionTag(rule.id, policy.exemptionTag, tags.known, now);
  if (!said) return [{ clause: 'exemption', answer: 'fix', reason: `not exempt; no tag ${policy.exemptionTag} names this rule` }];
  if (!said.exempt) return [{ clause: 'exemption', answer: 'fix', reason: said.reason }];
  // Whoever took over a resource can tag it.
  if (rule.response)
    return [{ clause: 'exemption', answer: 'ask', reason: `${said.reason}; a tag does not exempt from a response to a threat` }];
  return [exempt(said.reason, said.end, now)];
}

const byTagsOfParts = ({ exempt: parts = [] }: Facts): readonly ClauseResult[] =>
  parts.map((reason) => ({ clause: 'exemption', answer: 'fix', reason }));

function bySuppression({ workflow, suppressedBy }: Facts): readonly ClauseResult[] {
  if ('unknown' in workflow) {
    return [doubt('suppression', `it can't be read whether somebody has suppressed the finding: ${workflow.unknown}`)];
  }
  if (workflow.known !== 'SUPPRESSED') return [];
  return [
    { clause: 'suppression', answer: 'skip', reason: suppressedBy ?? 'the finding is SUPPRESSED in Security Hub', outcome: 'suppressed' },
  ];
}

function byRollback({ recorded, about, now }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded || !recorded.known.hold) return [];
  const { by, why, until } = recorded.known.hold;
  if (new Date(until) <= now)
    return [{ clause: 'exemption', answer: 'fix', reason: `the exemption after the rollback by ${by} expired at ${until}` }];
  if (about.rule.response) return [{ clause: 'exemption', answer: 'ask', reason: `${by} released or rejected it before (${why})` }];
  return [exempt(`after a rollback by ${by} (${why}), until ${until} or until an approver releases it`, new Date(until), now)];
}

const exempt = (reason: string, until: Date | undefined, now: Date): ClauseResult => ({
  clause: 'exemption',
  answer: 'skip',
  reason: until && endsSoon(until, now) ? `${reason}; it expires soon: renew or remove it` : reason,
  ...(until && { until }),
});

/** A fact that can't be read may exempt the resource. */
const doubt = (clause: string, reason: string): ClauseResult => ({ clause, answer: 'ask', reason, unread: true });
